"""The workers: consumers of events."""
