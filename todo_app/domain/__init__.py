"""Pure rules of Punctual: no I/O, no clock; time and zone are arguments."""
