"""Open data: the read-only API, the whole strategy in one file, StratML, and the catalogue at ``/data/``."""
