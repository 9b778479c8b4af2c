"""Closing the loop: what was answered, what came of it, and who may see what of both."""
