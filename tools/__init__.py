"""Commands for developers and CI. The Makefile calls them; nothing in the site imports them."""
