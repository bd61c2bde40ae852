"""What leaves the house: a case as a document."""
