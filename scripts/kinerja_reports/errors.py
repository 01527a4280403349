"""How a report ends that cannot be made."""


class BadInput(Exception):  # noqa: N818 - as in ingest
    """The report cannot be made; the message says why and what to do."""
