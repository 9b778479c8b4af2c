"""What the public sees of a round."""
