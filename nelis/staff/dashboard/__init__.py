"""The first page of the admin: what waits for whoever looks, where their own work stands, and what comes next."""
