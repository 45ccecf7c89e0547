"""Use cases, one module per noun: each works in the transaction it is given and records what happened."""
