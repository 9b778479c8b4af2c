"""Base classes for the admin of every app."""
