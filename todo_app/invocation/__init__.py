"""Asking for an effect where commands are executed: in this process, or in the web app."""
