"""The one command, `kinerja VERB`: what it prints and how it ends is the same for all verbs.

A verb gives an `Answer`. People read its sentence below what the verb printed; `--json` prints the
one document {"command", "status", "exit_code", "message", "result"} in place of both.
"""

import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import click
import duckdb

from kinerja.core.database import explained
from kinerja.core.errors import InterruptedByUserError, KinerjaError

from . import build, clients, cluster, gates, ingest, publish, reports
from .answers import Answer, Session


class _Verbs(click.Group):
    """The verbs, in the order of the work."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise InterruptedByUserError("Interrupted; nothing is half-written.") from None


@click.group(
    cls=_Verbs,
    epilog="""\b
    Exit codes of every verb:
      0    done
      1    a gate refused, or a person must decide first
      2    the input, a file or the command cannot be used; nothing was changed
      130  interrupted; nothing is half-written

    \b
    A first round:
      kinerja ingest form.pdf --dry-run
      kinerja ingest form.pdf
      dbt build
      kinerja publish""",
    context_settings={"max_content_width": 100},
)
@click.version_option(package_name="kinerja", message="%(package)s %(version)s")
def kinerja() -> None:
    """Printed performance evaluations of Indonesian governments: read, checked, published.

    KINERJA_PROJECT names another project than the one around the working directory, KINERJA_DB
    another database, KINERJA_PUBLISHED another folder of releases.
    """


for _verb in (
    *(ingest.ingest, ingest.documents, ingest.template, gates.validate),
    *(build.build, publish.publish, publish.releases, publish.diff, publish.rollback),
    *(reports.site, reports.report, reports.register),
    *(clients.metrics, clients.dashboard, cluster.cluster),
):
    kinerja.add_command(_verb)


def main(arguments: Sequence[str] | None = None, session: Session | None = None) -> int:
    """Run the command; give its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    session = replace(session or Session(), verb=_verb_of(words), as_json="--json" in words)
    try:
        # Given no arguments, click takes those of the process, and spells out *.pdf on Windows.
        answer = kinerja.main(arguments, "kinerja", standalone_mode=False, obj=session)
    except click.exceptions.NoArgsIsHelpError as asked:
        print(asked.format_message())
        return 0
    except (KinerjaError, click.ClickException, OSError, duckdb.Error) as error:
        return session.tell(_failure(error), is_error=True)
    # Help has printed itself, and gives its code; so has a verb that gives none.
    return session.tell(answer) if isinstance(answer, Answer) else int(answer or 0)


def _failure(error: Exception) -> Answer:
    """The one place where an exception becomes a sentence."""
    if isinstance(error, KinerjaError):
        return Answer(str(error), exit_code=error.exit_code)
    if isinstance(error, click.UsageError) and error.ctx is not None:
        return Answer(f"{error.format_message()} See: {error.ctx.command_path} --help", exit_code=2)
    if isinstance(error, click.ClickException):
        return Answer(error.format_message(), exit_code=2)
    return Answer(explained(error), exit_code=2)


def _verb_of(words: Sequence[str]) -> str:
    """The verbs that a command line begins with, like "cluster start"."""
    verbs: list[str] = []
    command: click.Command = kinerja
    for word in words:
        if not isinstance(command, click.Group) or word not in command.commands:
            break
        verbs.append(word)
        command = command.commands[word]
    return " ".join(verbs)
