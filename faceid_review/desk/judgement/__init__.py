"""Judging at the desk: the bar, the note, the sheet before sealing, disputes and the history of a case."""
