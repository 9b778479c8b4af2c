"""Bulletins in the admin: writing, the desk where they are approved and sent, and the account of every recipient."""
