"""Punctual, a to-do web application that people host for themselves."""
