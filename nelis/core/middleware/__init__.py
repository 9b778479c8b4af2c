"""Middleware: the page cache and the security headers."""
