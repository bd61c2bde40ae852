"""What leaves the house, seen before it does: the sheet, the preview, several cases at once, and the check."""
