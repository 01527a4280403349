"""The one way in which a benchmark ends early."""


class BenchmarkError(Exception):
    """Bad input, or too little disk or memory; the message says what to do."""
