"""Kinerja: printed evaluations of Indonesian governments as a warehouse that checks itself."""
