"""Screens of the admin for the evidence: importing figures, and releases."""
