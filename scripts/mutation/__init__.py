"""The proofs of what the checks notice: `python -m mutation`.

`world.py` runs the project's compiled SQL in memory; beside it stands one module for each kind of
change: `digits.py` changes what is printed.
"""
