"""How a verb ends, to whom it says so, and what the help of every verb has in common."""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from kinerja.core import console

if TYPE_CHECKING:
    from kinerja.ingest.engine import Gate as RawGate
    from kinerja.publish.audit import Gate as ReleaseGate

_STATUS = {0: "done", 1: "stopped"}


@dataclass(frozen=True)
class Answer:
    """How a verb ended: one sentence, the result as plain data, and what a person does next."""

    message: str
    result: Any = None
    exit_code: int = 0
    next_step: str = ""


@dataclass(frozen=True)
class Session:
    """One run of the command: its verb, who reads the answer, and the gates that it asks.

    The gates are the real ones where none is handed in.
    """

    verb: str = ""
    as_json: bool = False
    raw_gate: "RawGate | None" = None
    release_gates: "Mapping[str, ReleaseGate] | None" = None

    @cached_property
    def out(self) -> Console:
        """For what people read; silent where a machine asked."""
        return console.results(quiet=self.as_json)

    def tell(self, answer: Answer, *, is_error: bool = False) -> int:
        """Print how it ended; give the exit code."""
        message = " ".join(answer.message.split())
        if self.as_json:
            document = {
                "command": self.verb,
                "status": _STATUS.get(answer.exit_code, "failed"),
                "exit_code": answer.exit_code,
                "message": message,
                "result": answer.result,
            }
            print(json.dumps(document, default=str), flush=True)
        if is_error:
            print(message, file=sys.stderr)
        else:
            self.out.print(message, style="red" if answer.exit_code else "bold")
            if answer.next_step:
                self.out.print(f"Next: {answer.next_step}")
        return answer.exit_code


def verb(
    *examples: str, stops: str = "", of: click.Group | None = None, **settings: Any
) -> Callable[[Callable[..., Answer | int | None]], click.Command]:
    """A command of click that takes the session and --json.

    Its help ends with its exit codes (`stops` says what 1 means, if it can be) and examples.
    """
    codes = ["0 done", *([f"1 {stops}"] if stops else []), "2 it cannot be done"]
    shown = "\n".join(f"  kinerja {example}" for example in examples)
    epilog = f"\b\nExit codes: {'; '.join(codes)}\n\n\b\nExamples:\n{shown}"

    def decorate(function: Callable[..., Answer | int | None]) -> click.Command:
        as_json = click.option(
            "--json", is_flag=True, expose_value=False, help="Print one JSON document, no words."
        )
        settings["epilog"] = epilog
        command: click.Command = click.command(**settings)(as_json(click.pass_obj(function)))
        if of is not None:
            of.add_command(command)
        return command

    return decorate
