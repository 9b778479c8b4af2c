"""Reading the answers: what staff make of them, once a round takes no more."""
