"""The admin pages of email delivery."""
