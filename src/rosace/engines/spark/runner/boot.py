"""The script that SparkSubmit starts: makes this folder a package under a name of its own, and runs it.

Nothing is put on `sys.path`: a user's Python job must never find one of these files under a name it uses itself.
"""

import importlib
import importlib.util
import sys
from pathlib import Path

PACKAGE = "rosace_spark_runner"


def boot() -> None:
    here = Path(__file__).resolve().parent
    # Python put the script's folder first; SparkSubmit named it in PYTHONPATH as well.
    sys.path[:] = [entry for entry in sys.path if not entry or Path(entry).resolve() != here]
    spec = importlib.util.spec_from_file_location(PACKAGE, here / "__init__.py", submodule_search_locations=[str(here)])
    assert spec is not None
    assert spec.loader is not None
    package = importlib.util.module_from_spec(spec)
    sys.modules[PACKAGE] = package
    spec.loader.exec_module(package)
    importlib.import_module(f"{PACKAGE}.main").main(Path(sys.argv[1]))


if __name__ == "__main__":
    boot()
