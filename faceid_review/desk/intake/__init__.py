"""The fetch page: pasted text in, recognised ids out, and the batch while it is asked."""
