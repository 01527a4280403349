"""Fixtures of the whole path."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock
from warehouse import Warehouse, copy_editions, copy_project

# Hundreds of processes start: where a machine keeps no bytecode, each compiles its libraries anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


def built_once(
    tmp_path_factory: pytest.TempPathFactory,
    name: str,
    copy: Callable[[Path], Warehouse],
    *options: str,
) -> Warehouse:
    """One build for all tests of a run, whichever of its processes asks first.

    KINERJA_TESTS_BUILT names a folder in which it stands for the runs after this one, too.
    """
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    shared = Path(os.environ.get("KINERJA_TESTS_BUILT", shared))
    folder, built = shared / name, shared / f"{name}.built"
    with FileLock(shared / f"{name}.lock"):
        if not built.exists():
            copy(folder).build(*options)
            built.touch()
    return Warehouse(folder)


@pytest.fixture(scope="session")
def editions(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The made-up documents of tests/editions, built, with unit tests. Copy it before changing it.

    What judges the code stands on these, so that no document in seeds/ can turn it red.
    """
    return built_once(tmp_path_factory, "editions", copy_editions, "--select", "fqn:*")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The project with the documents that it ships, built. Copy it before changing it."""
    return built_once(tmp_path_factory, "project", copy_project)
