"""Ingest: turns a printed evaluation into raw seed rows, or says why it cannot."""
