"""Pure functions that build the page; no I/O, no business rules."""
