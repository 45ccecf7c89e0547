"""Punctual, a to-do web application that people host for themselves."""

__version__ = "0.1.0"
