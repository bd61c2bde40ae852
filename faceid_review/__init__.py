"""FaceID Review: a reviewer's desk for Megvii FaceID checks."""

__version__ = "0.1.0"
