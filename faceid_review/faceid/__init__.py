"""The vendor's world: ids, answers, words and a simulator. Knows no vault, no reviewer and no Qt."""
