"""Read printed evaluations into the raw seeds: `uv run python scripts/ingest.py --help`."""

import sys

from kinerja.ingest.cli import main

if __name__ == "__main__":
    sys.exit(main())
