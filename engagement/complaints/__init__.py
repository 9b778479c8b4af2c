"""Complaints about how personal data is handled, and the time there is to answer them."""
