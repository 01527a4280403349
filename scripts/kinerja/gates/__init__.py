"""The two gates at the edges of the warehouse: raw files before a load, marts before publishing."""

from kinerja.core.errors import BadInputError

from .raw import check_raw
from .results import Breach

__all__ = ["BadInputError", "Breach", "check_raw"]
