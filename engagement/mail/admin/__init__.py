"""The post room in the admin: how sending goes, what is in doubt, and the mailbox of machines without a server."""
