"""Write reports from the finished warehouse: `uv run python scripts/report.py --help`."""

import sys

from kinerja.reports.cli import main

if __name__ == "__main__":
    sys.exit(main())
