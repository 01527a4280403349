"""The proof by changed models: does another meaning of one line stop the build?

One place in a model, or in a macro that its SQL comes from, is changed at a time, in the file as it
stands. dbt compiles what that touches; what it moves is rebuilt and tested in memory, then by dbt's
unit tests, and the public marts are compared with those of the unchanged project. A change that
moves no public mart, or leaves no SQL that runs, says nothing of the tests and does not count.
"""

import os
import random
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import chdir, contextmanager
from dataclasses import dataclass, replace
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from threading import Event, Thread
from typing import Any

import duckdb
import networkx
import yaml
from dbt.cli.main import dbtRunner
from kinerja.core import paths

from . import world

KINDS: Mapping[str, Sequence[Mapping[str, Any]]] = yaml.safe_load(
    Path(__file__).with_name("changes.yml").read_text(encoding="utf-8")
)
"""Kinds of change by name: what is found, and what may stand there instead."""

STAGES = ("build", "unit", "pytest", "nothing")
"""What stops a change that moves a public mart: data tests, unit tests, other tests."""

_NOT_SQL = re.compile(r"\{#.*?#\}|--[^\n]*|\{%-?\s*(?!set|do)\w.*?%\}", re.DOTALL)
_SECONDS = 60
"""What takes longer is no SQL that runs: a join without its condition does not end."""


@dataclass(frozen=True, slots=True)
class Change:
    """Another text in one place of a file; `line` counts from 1, `place` its signs from 0."""

    kind: str
    path: str
    line: int
    place: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a change.

    `stage` is "broken" (no SQL that runs), "same" (no public mart has other rows) or one of STAGES;
    `by` is the test, or the error. `moved` names a public mart that has other rows; where no data
    test stops the change, all of them, with the columns.
    """

    change: Change
    stage: str
    by: str | None
    moved: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A model or a macro, where it stands in its file, and the nodes whose SQL comes from it.

    `start` is the place of its first sign, `line` the number of its first line.
    """

    path: str
    start: int
    line: int
    parsed: Any
    attribute: str
    nodes: tuple[str, ...]

    @property
    def text(self) -> str:
        """Its text as dbt parsed it."""
        return str(getattr(self.parsed, self.attribute))

    def holds(self, change: Change) -> bool:
        """Whether the change is in it."""
        return self.path == change.path and 0 <= change.place - self.start < len(self.text)


class Trial:
    """A built project: its warehouse in memory, and what dbt parsed, to compile changes of it."""

    def __init__(self, project: Path) -> None:
        # dbt keeps the file open, which then nobody else in this process can open in another way.
        copy = project / "target" / "compiling" / world.DATABASE
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(project / world.DATABASE, copy)
        os.environ.update(KINERJA_DB=str(copy), KINERJA_ACCESS_MODE="read_only")
        self.project = project
        self.opened = world.open_world(project)
        self.manifest: Any = None
        self.manifest = self._dbt("parse").result
        self.unchanged = self._compile("*")
        self.sources = list(self._sources())

    def _sources(self) -> Iterator[Source]:
        nodes, macros = self.manifest.nodes, self.manifest.macros
        models = {name for name, node in nodes.items() if node.resource_type == "model"}
        users = networkx.DiGraph(
            (used, name)
            for name, one in [*nodes.items(), *macros.items()]
            for used in one.depends_on.macros
        )
        for name in sorted(models):
            yield self._source(nodes[name], "raw_code", {name})
        for name in sorted(set(users) & set(macros)):
            touched = networkx.descendants(users, name)
            if macros[name].package_name == "kinerja" and touched & models:
                yield self._source(macros[name], "macro_sql", touched & set(self.unchanged))

    def _source(self, parsed: Any, attribute: str, nodes: set[str]) -> Source:
        path = parsed.original_file_path
        file = (self.project / path).read_text(encoding="utf-8")
        start = file.index(getattr(parsed, attribute))
        line = file.count("\n", 0, start) + 1
        return Source(path, start, line, parsed, attribute, tuple(sorted(nodes)))

    @contextmanager
    def changed(self, change: Change) -> Iterator[Source]:
        """What dbt parsed holds the change inside; give where."""
        [source] = [source for source in self.sources if source.holds(change)]
        kept, place = source.text, change.place - source.start
        changed = kept[:place] + change.after + kept[place + len(change.before) :]
        setattr(source.parsed, source.attribute, changed)
        try:
            yield source
        finally:
            setattr(source.parsed, source.attribute, kept)

    def touched(self, source: Source) -> dict[str, str]:
        """The nodes whose SQL is another than before, with their SQL.

        Raises ValueError with dbt's message where one cannot be compiled.
        """
        compiled = self._compile(*(self.manifest.nodes[name].name for name in source.nodes))
        return {name: sql for name, sql in compiled.items() if sql != self.unchanged[name]}

    def failing_unit_test(self, nodes: Sequence[str]) -> str | None:
        """The first of dbt's unit tests of these models that fails, as things stand."""
        models = {self.manifest.nodes[name].name for name in nodes}
        tests = [test.name for test in self.manifest.unit_tests.values() if test.model in models]
        if not tests:
            return None
        results = self._dbt("test", "--select", *tests).result.results
        return next((one.node.name for one in results if one.status in ("fail", "error")), None)

    def _compile(self, *names: str) -> dict[str, str]:
        done = self._dbt("compile", "--no-populate-cache", "--select", *names)
        if not done.success:
            raise ValueError(
                done.exception
                or next(one.message for one in done.result.results if one.status == "error")
            )
        return {
            one.node.unique_id: one.node.compiled_code
            for one in done.result.results
            if one.node.resource_type in ("model", "test")
        }

    def _dbt(self, *words: str) -> Any:
        """dbt in this process and in the project's folder, with what was parsed once."""
        with chdir(self.project):
            return dbtRunner(manifest=self.manifest).invoke(
                ["--log-level", "none", "--no-write-json", *words]
            )


@cache
def open_trial(project: Path) -> Trial:
    """The project, opened once in each process."""
    return Trial(project)


def changes(source: Source) -> Iterator[Change]:
    """Every change of every kind in a model or macro."""
    text = source.text
    sql = _NOT_SQL.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    for kind, rules in KINDS.items():
        for rule in rules:
            for found in re.finditer(rule["find"], sql, re.MULTILINE):
                groups = [text[slice(*found.span(number))] for number in range(found.re.groups + 1)]
                line = source.line + text.count("\n", 0, found.start())
                place = source.start + found.start()
                for after in (pattern.format(*groups) for pattern in rule["after"]):
                    if after != groups[0]:
                        yield Change(kind, source.path, line, place, groups[0], after)


def some(every: Sequence[Change], sample: int | None, random_seed: int) -> list[Change]:
    """So many changes at random: one of each kind in each file before a second of the same."""
    chance = random.Random(random_seed)
    groups = defaultdict(list)
    for change in every:
        groups[change.path, change.kind].append(change)
    drawn = []
    for group in groups.values():
        chance.shuffle(group)
        drawn += [(place, chance.random(), change) for place, change in enumerate(group)]
    return [change for *_, change in sorted(drawn, key=lambda one: one[:2])[:sample]]


def outcome(trial: Trial, change: Change) -> Result:
    """What becomes of one change."""
    with trial.changed(change) as source, world.undone(trial.opened), _limited(trial.opened):
        try:
            return _judged(trial, change, trial.touched(source))
        except (ValueError, duckdb.Error) as error:
            return Result(change, "broken", str(error).strip().splitlines()[0])


@contextmanager
def _limited(opened: world.World) -> Iterator[None]:
    """Whatever runs on is interrupted, again and again, as an interruption between two is lost."""
    over = Event()

    def watch() -> None:
        over.wait(_SECONDS)
        while not over.wait(0.5):
            opened.connection.interrupt()

    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def _judged(trial: Trial, change: Change, sql: Mapping[str, str]) -> Result:
    stopped, moved = None, []
    for event in world.build(trial.opened, world.steps(trial.opened, sql, sql), sql):
        if isinstance(event, world.Moved):
            moved += [event] if event.is_public else []
        elif event.is_broken:
            return Result(change, "broken", f"{event.by}: {event.message}")
        else:
            stopped = stopped or event.by
        if stopped and moved:
            return Result(change, "build", stopped, (moved[0].name,))
    if not moved:
        return Result(change, "same", stopped)
    columns = tuple(
        f"{one.name} ({', '.join(world.moved_columns(trial.opened, one))})" for one in moved
    )
    by = trial.failing_unit_test([*sql])
    return Result(change, "unit" if by else "nothing", by, columns)


def campaign(
    project: Path,
    jobs: int,
    kinds: Sequence[str] = tuple(KINDS),
    sample: int | None = None,
    random_seed: int = 1,
) -> Iterator[Result]:
    """Try the changes of these kinds on a built project, all of them or so many at random."""
    every = [change for source in open_trial(project).sources for change in changes(source)]
    chosen = some([one for one in every if one.kind in kinds], sample, random_seed)
    if jobs == 1:
        yield from map(partial(_outcome, project), chosen)
    else:
        with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
            yield from pool.map(partial(_outcome, project), chosen, chunksize=10)


def _outcome(project: Path, change: Change) -> Result:
    return outcome(open_trial(project), change)


def by_pytest(result: Result, scratch: Path) -> Result:
    """What pytest says of a change that dbt does not stop: the result, or that a test stops it."""
    copy = shutil.copytree(
        paths.project(),
        scratch / "checkout",
        ignore=shutil.ignore_patterns(".*", "target", "logs", "build", "published", "*.duckdb"),
    )
    change_file(copy, result.change)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "-q"],
        cwd=copy, env=world.environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    shutil.rmtree(copy)
    failed = re.search(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE)
    return replace(result, stage="pytest", by=failed[1]) if failed else result


def to_verify(results: Sequence[Result], number: int, random_seed: int) -> list[Result]:
    """So many results to verify: half of them builds that should fail, half that should not."""
    chance = random.Random(random_seed)
    fails = [result for result in results if result.stage == "build"]
    passes = [
        result
        for result in results
        if result.stage in ("unit", "pytest", "nothing")
        or (result.stage == "same" and not result.by)
    ]
    return chance.sample(passes, min(len(passes), number // 2)) + chance.sample(
        fails, min(len(fails), number - number // 2)
    )


def verify(
    results: Sequence[Result], project: Path, scratch: Path
) -> Iterator[tuple[Result, bool]]:
    """Repeat results as a real `dbt build` of a copy with the change in its file.

    Give each with whether the build failed as the result says.
    """
    for result in results:
        copy = shutil.copytree(project, scratch / "copy")
        change_file(copy, result.change)
        yield result, bool(world.dbt_build(copy).returncode) == (result.stage == "build")
        shutil.rmtree(copy)


def change_file(project: Path, change: Change) -> None:
    """Make the change in the file of a project."""
    file = project / change.path
    text = file.read_text(encoding="utf-8")
    before, after = text[: change.place], text[change.place :]
    assert after.startswith(change.before), change
    file.write_text(before + change.after + after[len(change.before) :], encoding="utf-8")
