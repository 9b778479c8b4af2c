"""Targets, and how far the region has come towards them."""
