"""Our sentences as the errors that end dbt without a traceback."""

from collections.abc import Iterator
from contextlib import contextmanager

from dbt_common.exceptions import DbtRuntimeError
from kinerja.core.errors import BadInputError


@contextmanager
def in_words_of_dbt() -> Iterator[None]:
    """Within it, BadInputError becomes DbtRuntimeError."""
    try:
        yield
    except BadInputError as error:
        raise DbtRuntimeError(str(error)) from None
