"""The post room: whatever is mailed lies in a ledger first, and one kind of process sends from it."""
