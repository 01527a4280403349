"""The ways in which a command ends without doing what was asked; each is one sentence."""


class KinerjaError(Exception):
    """Ends a command: what is wrong and what to do, and the exit code."""

    exit_code = 2


class BadInputError(KinerjaError):
    """A file, the disk or the command cannot be used (exit code 2)."""


class StoppedError(KinerjaError):
    """It was understood, but a gate refused it or a person has to decide first (exit code 1)."""

    exit_code = 1


class InterruptedByUserError(KinerjaError):
    """A person, or another program, ended it (exit code 130)."""

    exit_code = 130
