"""The endpoints of the API: a module for each kind of thing, with its records, its filters and its addresses."""
