"""The HTTP side: log-in routes, health, and what else programs call."""
