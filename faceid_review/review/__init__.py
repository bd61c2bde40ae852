"""The reviewer's work: asking, cases and what may be done with them. Joins the vendor's world and the vault."""
