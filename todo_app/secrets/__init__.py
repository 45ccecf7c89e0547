"""Where the settings that nobody may see come from."""
