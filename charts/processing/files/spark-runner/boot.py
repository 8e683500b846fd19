# Derived from src/rosace/engines/spark/runner/boot.py by tools/charts.py: edit that, then run it.
"""The script that SparkSubmit starts: makes this folder a package under a name of its own, and runs it.

Nothing is put on `sys.path`: a user's Python job must never find one of these files under a name it uses itself.
"""

import importlib
import importlib.util
import sys
from pathlib import Path

PACKAGE = "rosace_spark_runner"


def boot() -> None:
    """Makes this folder one package and calls `main` of the module that `argv[2]` names, with the path in `argv[1]`."""
    here = Path(__file__).resolve().parent
    # Python put the script's folder first; SparkSubmit named it in PYTHONPATH as well. In a pod the folder is one of
    # links into another one.
    folders = {here, Path(__file__).absolute().parent.resolve()}
    sys.path[:] = [entry for entry in sys.path if not entry or Path(entry).resolve() not in folders]
    spec = importlib.util.spec_from_file_location(PACKAGE, here / "__init__.py", submodule_search_locations=[str(here)])
    assert spec is not None
    assert spec.loader is not None
    package = importlib.util.module_from_spec(spec)
    sys.modules[PACKAGE] = package
    spec.loader.exec_module(package)
    entry = sys.argv[2] if len(sys.argv) > 2 else "main"
    importlib.import_module(f"{PACKAGE}.{entry}").main(Path(sys.argv[1]))


if __name__ == "__main__":
    boot()
