"""The North East Local Industrial Strategy: public website and content management."""
