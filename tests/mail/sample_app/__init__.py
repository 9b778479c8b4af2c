"""An app with kinds of mails for tests."""
