"""Fixtures of the whole path."""

import pytest
from warehouse import Warehouse, copy_project


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The project as it is, built once in a temporary folder. Copy it before changing it."""
    warehouse = copy_project(tmp_path_factory.mktemp("built") / "project")
    warehouse.build()
    return warehouse
