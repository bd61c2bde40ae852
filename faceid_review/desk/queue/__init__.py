"""The queue: every case of the vault in one list, the one with the least time left first."""
