"""run.py in small clones: a lock without packages makes the set-up quick and needs no network."""

import ast
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
BASE_PYTHON = Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info.minor}"
PROGRAM = """
import os, sys
print(sys.argv[1:], os.getcwd(), os.environ.get("NODE_USE_SYSTEM_CA"))
sys.exit(7)
"""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone whose product prints its arguments and ends with exit code 7."""
    return make_clone(tmp_path / "a clone")


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As `clone`, set up already; tests may break it as long as the next run repairs it."""
    project = make_clone(tmp_path_factory.mktemp("settled") / "a clone")
    assert run(project, "demo")[0] == 7
    return project


def make_clone(project: Path) -> Path:
    """A project with the real run.py around a product of three lines."""
    (project / "event_manager").mkdir(parents=True)
    (project / "event_manager" / "__main__.py").write_text(PROGRAM)
    (project / "requirements.lock").write_text("# no packages\n")
    shutil.copy(ROOT / "run.py", project)
    return project


@pytest.fixture
def run_py() -> ModuleType:
    """run.py as a module."""
    spec = importlib.util.spec_from_file_location("run_py", ROOT / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def start(clone: Path, *arguments: str, python: Path = BASE_PYTHON, **env: str) -> subprocess.Popen[str]:
    """run.py of `clone`, started from another directory."""
    return subprocess.Popen(
        [python, clone / "run.py", *arguments],
        cwd=clone.parent,
        env={**os.environ, **env},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(clone: Path, *arguments: str, python: Path = BASE_PYTHON, **env: str) -> tuple[int, str, str]:
    """Exit code, output and errors of run.py."""
    process = start(clone, *arguments, python=python, **env)
    output, errors = process.communicate(timeout=120)
    return process.returncode, output, errors


def test_the_first_run_sets_up_and_later_runs_start_at_once(clone: Path) -> None:
    expected = f"['demo', '--port', '8000'] {clone.parent} 1\n"

    first = run(clone, "demo", "--port", "8000")
    second = run(clone, "demo", "--port", "8000")

    assert first[:2] == (7, expected)
    assert "installing the Python packages" in first[2]
    assert second == (7, expected, "")


def test_the_launcher_runs_the_product_from_anywhere(settled: Path) -> None:
    done = subprocess.run(
        [settled / ".venv" / "bin" / "event-manager", "rules", "a b"],
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout.startswith("['rules', 'a b'] / ")


def test_a_changed_lock_is_installed(settled: Path) -> None:
    (settled / "requirements.lock").write_text("# still none\n")

    code, _output, errors = run(settled, "demo")

    assert (code, errors.count("installing")) == (7, 1)


def test_a_half_finished_set_up_repairs_itself(settled: Path) -> None:
    (settled / ".venv" / "event-manager.stamp").unlink()
    shutil.rmtree(settled / ".venv" / "lib")
    (settled / ".venv" / "bin" / "python").unlink()

    assert run(settled, "demo")[0] == 7


def test_a_moved_clone_repairs_itself(clone: Path) -> None:
    run(clone, "demo")
    moved = clone.rename(clone.parent / "moved")

    code, _output, errors = run(moved, "demo")

    assert (code, errors.count("installing")) == (7, 1)
    assert str(moved) in (moved / ".venv" / "bin" / "event-manager").read_text()


def test_two_at_once_set_up_once(clone: Path) -> None:
    both = [start(clone, "demo"), start(clone, "demo")]

    ends = [process.communicate(timeout=120) for process in both]

    assert [process.returncode for process in both] == [7, 7]
    assert sum(errors.count("installing") for _output, errors in ends) == 1


def test_without_network_it_says_where_to_look(clone: Path) -> None:
    (clone / "requirements.lock").write_text(f"no-such-package==1.0 --hash=sha256:{'0' * 64}\n")

    code, _output, errors = run(
        clone, "demo", PIP_INDEX_URL="http://127.0.0.1:9/simple", PIP_RETRIES="0", PIP_CONFIG_FILE=os.devnull,
        UV_OFFLINE="1", PIP_FIND_LINKS="", PIP_EXTRA_INDEX_URL="",
    )  # fmt: skip

    assert code == 1
    assert "the package index cannot be reached" in errors
    assert "Traceback" not in errors


@pytest.mark.skipif(importlib.util.find_spec("pip") is not None, reason="this Python has pip")
def test_without_pip_and_uv_it_says_how_to_get_one(clone: Path) -> None:
    code, _output, errors = run(clone, "demo", python=Path(sys.executable), PATH="/nowhere")

    assert code == 1
    assert "pip is missing from" in errors
    assert "apt install python3-pip" in errors


def test_a_directory_that_cannot_be_written_is_named(clone: Path) -> None:
    (clone / ".event-manager").write_text("a file where a directory must be")

    code, _output, errors = run(clone, "demo")

    assert (code, "Traceback" in errors) == (1, False)
    assert str(clone / ".event-manager") in errors


@pytest.mark.parametrize(("arguments", "code"), [(["--help"], 0), ([], 2)])
def test_help_needs_no_set_up(clone: Path, arguments: list[str], code: int) -> None:
    found, output, _errors = run(clone, *arguments)

    assert found == code
    assert "python3 run.py demo" in output
    assert not (clone / ".venv").exists()


@pytest.mark.parametrize(("name", "module"), [("test", "pytest"), ("bench", "benchmarks")])
def test_tests_and_benchmarks_run_in_the_project(
    run_py: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, module: str
) -> None:
    monkeypatch.chdir(tmp_path)

    program = run_py.command([name, "-k", "x"])

    assert program == [str(ROOT / ".venv" / "bin" / "python"), "-m", module, "-k", "x"]
    assert Path.cwd() == ROOT


def test_an_old_python_is_told_what_to_do(run_py: ModuleType) -> None:
    with pytest.raises(run_py.SetupError, match=r"Python 3\.9, but 3\.11 or newer is needed"):
        run_py.check_platform((3, 9), "posix")


def test_windows_is_sent_to_wsl(run_py: ModuleType) -> None:
    with pytest.raises(run_py.SetupError, match="WSL"):
        run_py.check_platform((3, 12), "nt")


def test_a_full_disk_is_named_with_its_free_bytes(run_py: ModuleType) -> None:
    problem = run_py.failure("ERROR: Could not install packages: [Errno 28] No space left on device")

    assert str(problem).startswith("the disk is full: ")
    assert f"bytes are free at {ROOT}" in str(problem)


def test_it_can_be_read_by_old_pythons() -> None:
    """Python 3.6 is still the python3 of some systems; a syntax error would tell its owner nothing."""
    source = (ROOT / "run.py").read_text()

    ast.parse(source, feature_version=(3, 6))
    assert "__future__" not in source
