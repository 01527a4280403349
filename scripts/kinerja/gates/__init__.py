"""The two gates at the edges of the warehouse: raw files before a load, marts before publishing.

Both are functions that give a `Verdict`: `raw_gate` (raw.py) and `marts_gate` (marts.py).
"""

from .marts import marts_gate
from .raw import raw_gate
from .results import Breach, Outcome, Verdict

__all__ = ["Breach", "Outcome", "Verdict", "marts_gate", "raw_gate"]
