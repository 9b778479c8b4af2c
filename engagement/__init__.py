"""What the public sends in, and what goes out to them."""
