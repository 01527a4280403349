"""The proofs of what the checks notice: `python -m mutation`.

world.py runs the project's compiled SQL; one module for each kind of change stands beside it.
"""
