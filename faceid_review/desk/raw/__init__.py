"""The raw view: the vendor's answer as the tree it was sent as, to the digit."""
