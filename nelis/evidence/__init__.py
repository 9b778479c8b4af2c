"""Sources, statistics and findings: what the strategy rests on, and what is not held."""
