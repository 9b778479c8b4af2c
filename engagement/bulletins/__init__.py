"""Bulletins: emails to the mailing list, their approval and sending, the account of recipients, and the archive."""
