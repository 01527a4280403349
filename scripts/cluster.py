"""A Spark cluster on this machine: `uv run --extra spark python scripts/cluster.py --help`."""

import sys

from kinerja.cluster.cli import main

if __name__ == "__main__":
    sys.exit(main())
