"""What is written to the mailing list, who approved it, and who got it."""
