"""Publish the warehouse as one file for readers: `uv run python scripts/publish.py --help`."""

import sys

from kinerja.publish.cli import main

if __name__ == "__main__":
    sys.exit(main())
