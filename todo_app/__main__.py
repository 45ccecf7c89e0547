"""Runs a command: `python -m todo_app COMMAND`."""

import sys

from todo_app.cli import main

if __name__ == "__main__":
    sys.exit(main())
