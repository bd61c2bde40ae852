"""The verdict pane: what the vendor stated of one case, as an even column of facts. Decides nothing."""
