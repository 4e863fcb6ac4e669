"""The ledger: which letters are owed, made and sent, so that each goes out exactly once."""
