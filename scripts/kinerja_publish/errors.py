"""The two ways in which a publication ends with the old release untouched."""


class CannotPublishError(Exception):
    """A file, the disk or the command is not what it must be; the message says what to do."""


class GateFailedError(Exception):
    """The build can be read, but it must not be published; the message says which gate and why."""
