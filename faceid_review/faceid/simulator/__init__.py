"""A FaceID on loopback: for the demo, for practice and as the only double in the tests.

It is a real HTTP server that answers each biz_id once, knows every error of PC-GetResult, and can be slow,
stalled, cut off, reset or wrong in the ways that networks and vendors are. Its people are drawings.
"""

from faceid_review.faceid.simulator.behaviour import Behaviour, Fault
from faceid_review.faceid.simulator.plots import Plot, Session
from faceid_review.faceid.simulator.record import EVERY_ID, RequestSeen
from faceid_review.faceid.simulator.simulator import PATH, Simulator

__all__ = ["EVERY_ID", "PATH", "Behaviour", "Fault", "Plot", "RequestSeen", "Session", "Simulator"]
