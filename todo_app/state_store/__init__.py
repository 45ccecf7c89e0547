"""Key-value state with an end of life: what is needed for a while and may be lost without harm."""
