"""Starts the web service: `python app.py` is `call-assistant serve`, with the same options."""

import sys

from assistant.cli import main

if __name__ == "__main__":
    raise SystemExit(main(["serve", *sys.argv[1:]]))
