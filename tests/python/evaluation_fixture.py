"""An invented evaluation of a shape of its own, added to seeds by rows alone.

The files stand in tests/fixtures/evaluation: a declaration, headers of raw seeds, reference rows,
its printed document, and which of its figures are wrong.
"""

import importlib.util
import shutil
from pathlib import Path
from types import ModuleType

FOLDER = Path(__file__).resolve().parents[1] / "fixtures" / "evaluation"
INSTRUMENT = "digital_government"
TABLES = ("digital_government__results", "digital_government__aspects")
DOCUMENT_ID = "digital_government_2030"
DOCUMENT = FOLDER / "digital_government_2030.txt"


def add_evaluation(seeds: Path) -> None:
    """Declare the evaluation in a folder of seeds, as docs/adding-an-evaluation.md says."""
    # It is no .yml: dbt would read it as part of the project.
    declaration = (FOLDER / "declaration.txt").read_text(encoding="utf-8")
    with (seeds / "raw" / "_raw__seeds.yml").open("a", encoding="utf-8") as file:
        file.write(declaration)
    for header in (FOLDER / "raw").glob("*.csv"):
        shutil.copy(header, seeds / "raw")
    for rows in (FOLDER / "reference").glob("*.csv"):
        added = rows.read_text(encoding="utf-8").split("\n", 1)[1]
        with (seeds / "reference" / rows.name).open("a", encoding="utf-8") as file:
            file.write(added)


def generator() -> ModuleType:
    """The program that makes the document."""
    spec = importlib.util.spec_from_file_location("evaluation", FOLDER / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
