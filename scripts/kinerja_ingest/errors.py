"""The two ways in which an ingest ends without writing anything."""


class BadInputError(Exception):
    """The input or the command cannot be used; the message says what it is and what to do."""


class StoppedError(Exception):
    """The document was read, but an analyst has to decide something before it is stored."""
