"""Prove what a changed digit meets: `uv run python scripts/mutate.py --help`."""

import sys

from kinerja_mutations.cli import main

if __name__ == "__main__":
    sys.exit(main())
