"""Screens about the accounts of staff, and the parts of the dashboard."""
