"""Complaints in the admin."""
