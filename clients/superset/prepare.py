"""Make Superset's own database, administrator and dashboard. Runs in Superset's environment.

Usage: python prepare.py ASSETS_FOLDER DATABASE_URI   (kinerja dashboard calls it)

Importing overwrites what an earlier import brought, and nothing else. Any error ends with a
non-zero exit.
"""

import os
import sys
from pathlib import Path

import yaml
from flask import g
from superset.app import create_app
from superset.cli.main import superset

HOME = Path(os.environ["KINERJA_SUPERSET_HOME"])


def bundle(assets: Path, database_uri: str) -> dict[str, str]:
    """Path within the bundle -> YAML text, pointing at the database file of this machine."""
    contents = {}
    for file in sorted(assets.rglob("*.yaml")):
        name = file.relative_to(assets).as_posix()
        text = file.read_text(encoding="utf-8")
        if name == "metadata.yaml":
            text = yaml.safe_dump(yaml.safe_load(text) | {"type": "assets"})
        if name.startswith("databases/"):
            text = yaml.safe_dump(yaml.safe_load(text) | {"sqlalchemy_uri": database_uri})
        contents[name] = text
    return contents


def main(assets: Path, database_uri: str) -> None:
    app = create_app()
    runner = app.test_cli_runner()

    def run(*arguments: str) -> None:
        result = runner.invoke(superset, arguments)
        if result.exit_code:
            sys.exit(f"superset {arguments[0]} failed: {result.exception!r}\n{result.output}")

    prepared = HOME / "prepared"
    if not prepared.exists():
        run("db", "upgrade")
        run(
            *("fab", "create-admin", "--username", "admin", "--firstname", "Kinerja"),
            *("--lastname", "Admin", "--email", "admin@localhost"),
            *("--password", (HOME / "admin_password").read_text().strip()),
        )
        run("init")
        prepared.touch()

    with app.app_context():
        from superset import security_manager
        from superset.commands.exceptions import CommandInvalidError
        from superset.commands.importers.v1.assets import ImportAssetsCommand

        g.user = security_manager.find_user(username="admin")
        try:
            ImportAssetsCommand(bundle(assets, database_uri)).run()
        except CommandInvalidError as error:
            sys.exit(f"the dashboard cannot be imported: {error.normalized_messages()}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
