"""
The work of `scripts/benchmark.py`: printed documents at scale, and who computes them how fast.
"""
