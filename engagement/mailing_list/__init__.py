"""Who is on the mailing list, what they chose, and how we know that they did."""
