"""Publishing while others read, and while it is killed.

A normal run is short; `KINERJA_FULL=1` reads for at least 60 s with 8 readers under 50 releases,
and kills 200 publications. Every gate under load, and 20 killed builds, are on demand.
"""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import duckdb
import psutil
import pytest
from command import kill
from kinerja.publish import audit, release, store
from publish_support import FULL, Build, build_of, command, options, whole_release
from warehouse import Warehouse, copy_warehouse

pytestmark = pytest.mark.load

READERS, SECONDS, RELEASES = (8, 60, 50) if FULL else (4, 12, 8)
KILLS = 200 if FULL else 8
KILLED_BUILDS = 20

# A reader in its own process: opens the file, reads all of it several times in one connection, and
# again and again until it is told to stop. It proves each time that what it saw is one release:
# the stamp that the test gave it stands in every table, and every table has the fingerprint that
# the release recorded of itself.
_READER = """
import json, sys, time
from pathlib import Path
import duckdb
from kinerja.core.database import fingerprint

file, stop = {file!r}, Path({stop!r})
seen, queries, errors, mixed = [], 0, [], []
while not stop.exists():
    try:
        before = time.time()
        connection = duckdb.connect(file, read_only=True)
        version, prints = connection.execute(
            "select version, fingerprints from marts.releases order by release_no desc limit 1"
        ).fetchone()
        seen.append((before, version))
        for _ in range(3):
            stamps = connection.execute(
                "select agency_name from marts.agencies union all "
                "select any_value(title_id) from marts.documents union all "
                "select any_value(published_text) from marts.reconciliation "
                "where rule_id = 'cross.invitation_list'"
            ).fetchall()
            if len(set(stamps)) != 1:
                mixed.append([version, stamps])
            rows = connection.execute("from region_scorecard('15.71')").fetchall()
            if len(rows) < 5:
                mixed.append([version, len(rows)])
            queries += 2
        for table, recorded in json.loads(prints).items():
            queries += 1
            if fingerprint(connection, f'marts."{{table}}"') != recorded:
                mixed.append([version, table])
        connection.close()
    except Exception as error:
        errors.append(repr(error))
print(json.dumps(dict(seen=seen, queries=queries, errors=errors, mixed=mixed)))
"""


# A publication in its own process, without the gate that takes seconds to start.
_PUBLISHER = """
import sys
from pathlib import Path
from kinerja.publish import audit, release
release.publish(release.Options(
    Path({build!r}), Path({manifest!r}), Path({folder!r}),
    keep=2, with_exports={with_exports}, gates=audit.CHEAP_GATES,
))
"""


def _stamped(build: Build, number: int) -> None:
    """Give the build a content of its own, with the number in tables far from each other."""
    build.change(
        f"update marts.agencies set agency_name = 'stamp {number}'",
        f"update marts.documents set title_id = 'stamp {number}'",
        f"update marts.reconciliation set published_text = 'stamp {number}' "
        "where rule_id = 'cross.invitation_list'",
        f"update marts.index_scores set source_line = '{number}'",
    )


@pytest.mark.parametrize(
    "gates",
    [
        pytest.param(audit.CHEAP_GATES, id="cheap"),
        # Great Expectations takes seconds beside so many readers: the releases take as long as
        # they take, and the readers read all the while.
        pytest.param(audit.GATES, id="every", marks=pytest.mark.on_demand),
    ],
)
def test_readers_never_notice_a_publication(
    editions: Warehouse, tmp_path: Path, gates: Mapping[str, audit.Gate]
) -> None:
    build, folder = build_of(editions).copy(tmp_path), tmp_path / "published"
    _stamped(build, 0)
    first = release.publish(options(build, folder)).version
    stop = tmp_path / "stop"
    program = _READER.format(file=str(folder / store.FILE), stop=str(stop))
    readers = [
        subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
        for _ in range(READERS)
    ]
    published = [(0.0, first)]
    # A connection that stays open from the first release to the last.
    loyal = duckdb.connect(str(folder / store.FILE), read_only=True)
    begun = time.time()
    before = time.process_time()
    try:
        for number in range(1, RELEASES + 1):
            _stamped(build, number)
            version = release.publish(options(build, folder, gates=gates)).version
            published.append((time.time(), version))
            time.sleep(max(0.0, begun + number * SECONDS / RELEASES - time.time()))
    finally:
        took = time.time() - begun
        publishing = time.process_time() - before
        stop.touch()
    # On a busy machine DuckDB prints a progress bar before the answer, which is the last line.
    said = [json.loads(reader.communicate(timeout=120)[0].splitlines()[-1]) for reader in readers]

    assert [error for one in said for error in one["errors"]] == []
    assert [mix for one in said for mix in one["mixed"]] == []
    order = [version for _, version in published]
    for one in said:
        positions = [order.index(version) for _, version in one["seen"]]
        assert positions == sorted(positions), "a reader went back to an older release"
    late = [
        (moment, version)
        for one in said
        for moment, version in one["seen"]
        if version not in _still_current(published, moment)
    ]
    assert late == [], "a new connection saw a release that had been replaced"
    assert loyal.execute("select version from marts.releases").fetchall() == [(first,)]
    loyal.close()
    versions = {version for one in said for _, version in one["seen"]}
    queries = sum(one["queries"] for one in said)
    opened = sum(len(one["seen"]) for one in said)
    assert opened > READERS
    assert len(versions) > RELEASES // 4
    print(
        f"{READERS} readers, {RELEASES} releases in {took:.0f} s: {opened} connections, "
        f"{queries} queries, {len(versions)} releases seen, 0 errors, 0 mixed; "
        f"publishing took {publishing / RELEASES:.2f} s of processor time a release, "
        f"and this process has {psutil.Process().memory_info().rss // 2**20} MiB of memory"
    )


def _still_current(published: list[tuple[float, str]], moment: float) -> list[str]:
    """Versions that a connection begun at `moment` may see: the one then, and later ones."""
    before = [version for at, version in published if at <= moment]
    return [*before[-1:], *(version for at, version in published if at > moment)]


def test_a_kill_at_any_moment_of_publishing_leaves_one_whole_release(
    editions: Warehouse, tmp_path: Path
) -> None:
    build, folder = build_of(editions).copy(tmp_path), tmp_path / "published"
    program = _PUBLISHER.format(
        build=str(build.file),
        manifest=str(build.manifest),
        folder=str(folder),
        with_exports=FULL,
    )
    arguments = [sys.executable, "-c", program]
    begun = time.perf_counter()
    assert subprocess.run(arguments, capture_output=True).returncode == 0
    usual = time.perf_counter() - begun
    chance = random.Random(20240901)
    killed, new = 0, 0
    last = whole_release(folder / store.FILE)
    for number in range(1, KILLS + 1):
        _stamped(build, number)
        running = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        try:
            # The first part is Python starting; most kills should fall into the work.
            running.wait(timeout=chance.uniform(0.15, 1.1) * usual)
        except subprocess.TimeoutExpired:
            running.kill()
            killed += 1
        _, message = running.communicate()
        assert running.returncode in (0, -9), message
        now = whole_release(folder / store.FILE)
        if running.returncode == 0:
            assert now != last
        new += now != last
        for kept in store.kept(folder):
            assert store.damaged(kept.folder) == []
        last = now
    assert killed > KILLS // 3
    # What the kills left behind is gone after the next publication.
    _stamped(build, KILLS + 1)
    assert subprocess.run(arguments, capture_output=True).returncode == 0
    assert whole_release(folder / store.FILE) != last
    assert {path.name for path in folder.iterdir()} == {store.FILE, "releases", ".lock"}
    assert len(store.kept(folder)) == 2 == len(list((folder / "releases").iterdir()))
    print(f"{killed} of {KILLS} publications killed, {new} published a new release, each whole")


# test_publish.py kills one build in every run.
@pytest.mark.on_demand
def test_a_kill_at_any_moment_of_building_is_never_published(
    editions: Warehouse, tmp_path: Path
) -> None:
    project = copy_warehouse(editions, tmp_path / "project")
    build, folder = build_of(project), tmp_path / "published"
    release.publish(options(build, folder))
    version = whole_release(folder / store.FILE)
    words = [sys.executable, "-m", "dbt.cli.main", "build"]
    begun = time.perf_counter()
    project.build()
    usual = time.perf_counter() - begun
    chance = random.Random(20240902)
    killed, refused = 0, 0
    while killed < KILLED_BUILDS:
        running = subprocess.Popen(
            words,
            env={**os.environ, "KINERJA_DB": str(build.file)},
            cwd=project.folder,
            stdout=subprocess.DEVNULL,
        )
        try:
            # On a busy machine a build may end before its moment; it does not count.
            running.wait(timeout=chance.uniform(0.1, 0.9) * usual)
        except subprocess.TimeoutExpired:
            kill(running.pid)
            killed += 1
        running.wait()
        done = subprocess.run(
            command(build, folder, "--without-exports"), capture_output=True, text=True
        )
        # A build that was killed before its first table is still the whole one of before.
        assert done.returncode in (0, 1), done.stderr
        refused += done.returncode
        assert whole_release(folder / store.FILE) == version
    assert refused > KILLED_BUILDS // 2
    print(f"{killed} builds killed: {refused} refused, the others had changed nothing")
