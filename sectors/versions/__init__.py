"""Public versions of a proposition: what it said when, kept as it was, and what changed between any two."""
