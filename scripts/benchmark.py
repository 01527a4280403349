"""Measure the warehouse at scale: `uv run python scripts/benchmark.py --help`."""

import sys

from kinerja_benchmark.cli import main

if __name__ == "__main__":
    sys.exit(main())
