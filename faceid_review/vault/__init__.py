"""What is kept: keys, seals, a spool for what arrives and a ledger. Knows no FaceID, only bytes and entries."""
