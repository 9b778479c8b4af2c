"""Bulletins in the admin: writing, the dashboard where they are approved and sent, and the certificate."""
