"""The import page: drop, look, import."""
