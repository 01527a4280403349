"""Check the files at the two gates: `uv run python scripts/validate.py --help`."""

import sys

from kinerja.gates.cli import main

if __name__ == "__main__":
    sys.exit(main())
