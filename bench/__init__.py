"""How fast the main pages are, beside an otherwise empty page: `make bench`."""
