"""The judge of engines on a JVM and the proof's own say the same of each value, by the Java that Rosace fetches."""

from __future__ import annotations

import base64
import subprocess
import sys
from pathlib import Path

import pytest

from rosace.contract.registry import engines
from rosace.engines.spark.local import classpath, runtime
from rosace.kit import fits
from rosace.local import workbench
from rosace.model.columns import ColumnType
from rosace.observe.verify.fits import judge

sys.path.insert(0, str(Path(__file__).parents[1] / "observe"))

from unfit_values import COLUMNS, broken, values

pytestmark = pytest.mark.live


def test_both_judges_say_the_same(tmp_path: Path) -> None:
    found = workbench.artifacts(engines()["spark"])
    java = runtime(found) / "bin" / "java"
    jar = tmp_path / "fit.jar"
    fits.make(fits.Order(str(jar), str(java), tuple(map(str, classpath(found))), ()))
    columns = {name: ColumnType.parse(kind) for name, kind in COLUMNS.items()}
    shape = tmp_path / "shape.json"
    shape.write_text(fits.shape(columns), encoding="utf-8")
    every = [value for value, _ in values("alike", 3000)] + broken("alike", 20000)
    folder = next(path.parent for path in classpath(found) if path.name == "*")
    tool = str(Path(__file__).with_name("FitLines.java"))
    done = subprocess.run(
        [str(java), "-cp", f"{folder}/*:{jar}", "org.codehaus.janino.SimpleCompiler", tool, "FitLines", str(shape)],
        input="".join(base64.b64encode(value).decode() + "\n" for value in every),
        capture_output=True,
        text=True,
        check=True,
    )
    said = done.stdout.splitlines()
    own = judge(columns)
    assert len(said) == len(every)
    differ = [
        (value, java, mine)
        for value, java in zip(every, said, strict=True)
        if ((mine := own(value)) == "") != (java == "-")
    ]
    assert not differ, differ[:10]
    assert 1000 < said.count("-") < len(every) - 1000
