"""What the reviewer sets up for the desk: so far the accounts."""
