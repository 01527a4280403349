"""The two gates at the edges of the warehouse: raw files before a load, marts before publishing."""

from .raw import check_raw
from .results import BadInput, Breach

__all__ = ["BadInput", "Breach", "check_raw"]
