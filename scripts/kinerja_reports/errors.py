"""How a report ends that cannot be made."""


class BadInput(Exception):
    """The report cannot be made; the message says why and what to do."""
