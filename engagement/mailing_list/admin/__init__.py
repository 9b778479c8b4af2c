"""The mailing list in the admin. People's data is for those who may see it, and everything done is written down."""
