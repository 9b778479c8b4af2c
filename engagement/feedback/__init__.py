"""Questions put to the public."""
