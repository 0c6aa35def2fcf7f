"""verify-log and export-checkpoints as an operator runs them."""

import json
from pathlib import Path

from typer.testing import CliRunner

from event_manager.cli import app
from event_manager.kit import migrate
from event_manager.kit.postgres import EmbeddedServer
from tests.conftest import SECRET


def test_a_new_installation_has_logs_that_hold_and_checkpoints_to_keep(
    server: EmbeddedServer, logins: migrate.Logins, tmp_path: Path
) -> None:
    admin = server.superuser_dsn.replace("dbname=postgres", "dbname=event_manager")
    env = {"DATABASE_URL": admin, "EVENT_MANAGER_SECRET_KEY": SECRET, "EVENT_MANAGER_DATA_DIR": str(tmp_path)}
    run = CliRunner().invoke

    told = run(app, ["verify-log", "--json"], env=env)
    unknown = run(app, ["verify-log", "--tenant", "nobody"], env=env)
    kept = run(app, ["export-checkpoints", "--output", str(tmp_path / "kept")], env=env)

    assert (told.exit_code, [log["faults"] for log in json.loads(told.stdout) if log["faults"]]) == (0, [])
    assert (unknown.exit_code, "There is no event log of 'nobody'" in unknown.stderr) == (1, True)
    assert (kept.exit_code, (tmp_path / "kept").exists()) == (0, True)
