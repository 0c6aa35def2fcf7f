"""`python3 run.py bench [NAME] [--json]`: each NAME is a module of this package with ``run() -> list[Figure]``."""

import argparse
import importlib
import pkgutil
import sys
from pathlib import Path

from benchmarks.figures import render

PARTS = {"__main__", "client", "delivery", "figures", "hall", "judges", "pgbench"}


def names() -> list[str]:
    """The benchmarks there are: modules that do not begin with an underscore."""
    found = [m.name for m in pkgutil.iter_modules([str(Path(__file__).parent)])]
    return sorted(n for n in found if n not in PARTS and not n.startswith("_"))


def main() -> int:
    """Run and report. A missed goal is told in the report, not by the exit code: machines differ."""
    parser = argparse.ArgumentParser(prog="run.py bench", description=__doc__)
    parser.add_argument("name", nargs="?", default="core", choices=[*names(), "all"])
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    chosen = names() if options.name == "all" else [options.name]
    figures = [f for name in chosen for f in importlib.import_module(f"benchmarks.{name}").run()]
    print(render(figures, "json" if options.json else "table"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
