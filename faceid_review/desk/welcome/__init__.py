"""What is seen before there is a case: the first run, the locked vault, the empty desk."""
