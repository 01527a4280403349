"""Printed documents at scale, and who computes them how fast: `python -m benchmark`."""
