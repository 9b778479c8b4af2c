"""The book: the whole strategy in one file that can be kept, read without a network, and printed."""
