"""Imports of Python jobs: which of them fail, where, and what is said; the real driver's Python has the last word."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from spark_platform import job, site

from rosace.engines.spark import ENGINE, imports, names
from rosace.engines.spark.imports import Missing, missing
from rosace.source.diagnostic import Severity


def lacking(text: str, *has: str) -> list[tuple[str, str, bool]]:
    found = missing(ast.parse(text), lambda name: name in has)
    return [(one.module, one.lacks, one.sure) for one in found]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("import os, json\nfrom __future__ import annotations\nimport xml.dom.minidom", []),
        ("from pyspark.sql import functions as F\nimport pyspark.cloudpickle\nimport py4j.java_gateway", []),
        ("import pandas", [("pandas", "pandas", True)]),
        ("import pandas.core.frame as f", [("pandas.core.frame", "pandas", True)]),
        ("from pandas import DataFrame, Series", [("pandas", "pandas", True)]),
        ("def run(spark):\n    import numpy", [("numpy", "numpy", True)]),
        (
            "class A:\n    def f(self):\n        from sk.cluster import KMeans",
            [("sk.cluster", "sk", True)],
        ),
        ("for _ in ():\n    import numpy", [("numpy", "numpy", True)]),
        ("if deep:\n    import numpy", [("numpy", "numpy", False)]),
        ("import pyspark.pandas as ps", [("pyspark.pandas", "pandas", True)]),
        ("from pyspark import pandas as ps", [("pyspark.pandas", "pandas", True)]),
        ("from pyspark.ml.feature import VectorAssembler", [("pyspark.ml.feature.VectorAssembler", "numpy", True)]),
        ("from pyspark.sql import connect", []),
        ("from pyspark.sql.connect import session", [("pyspark.sql.connect.session", "pandas", True)]),
        ("from . import near\nfrom ..up import thing", [(".", "", True), ("..up", "", True)]),
        ("from helpers import clean", [("helpers", "helpers", True)]),
        ("try:\n    import pandas\nexcept ImportError:\n    pandas = None", []),
        ("try:\n    import pandas\nexcept (ValueError, ModuleNotFoundError):\n    pandas = None", []),
        ("try:\n    import pandas\nexcept ValueError:\n    pandas = None", [("pandas", "pandas", True)]),
        ("try:\n    import pandas\nfinally:\n    pass", [("pandas", "pandas", True)]),
        ("try:\n    import tomllib\nexcept ImportError:\n    import tomli", []),
        ("try:\n    import ujson\nexcept ImportError:\n    import orjson", [("orjson", "orjson", True)]),
        ("try:\n    import ujson as json\nexcept ImportError:\n    import json", []),
        ("from contextlib import suppress\nwith suppress(ImportError):\n    import pandas", []),
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import pandas", []),
        (
            "if typing.TYPE_CHECKING:\n    import pandas\nelse:\n    import numpy",
            [("numpy", "numpy", True)],
        ),
        ("'import pandas'  # import pandas", []),
    ],
)
def test_what_fails(text: str, told: list[tuple[str, str, bool]]) -> None:
    assert lacking(text) == told


def test_what_is_installed_is_there() -> None:
    assert lacking("import pandas\nfrom pyspark.ml import Pipeline\nimport pyspark.pandas", "pandas", "numpy") == []


def test_each_module_is_told_once_for_each_statement() -> None:
    assert len(lacking("from pyspark.ml import Pipeline, feature")) == 1
    assert isinstance(next(missing(ast.parse("import pandas"), lambda _: False)), Missing)


def judged(
    folder: Path, text: str, driver: imports.Driver
) -> list[tuple[str, Severity, tuple[int, ...], tuple[str, ...]]]:
    path = folder / "job.py"
    path.write_text(text, encoding="utf-8")
    one = replace(job(name="sums", path=str(path), schedule="0 0 1 1 *", delivery="at-least-once"), python=text)
    found = list(imports.judge(one, driver))
    assert {item.code for item in found} <= {"spark-import"}
    return [(item.message, item.severity, item.labels[0].span[1:3], item.hints) for item in found]


def test_the_message_names_place_reason_and_way_out(tmp_path: Path) -> None:
    text = "def run(spark):\n    'é'; import nosuchmodule\n"
    ((message, severity, place, hints),) = judged(tmp_path, text, imports.here())
    assert "job `sums` imports `nosuchmodule`" in message
    assert sys.prefix in message
    assert severity is Severity.ERROR
    assert place == (2, 10)
    assert "`requirements`" in hints[-1]
    ((_, _, _, hints),) = judged(tmp_path, "import jsn\n", imports.here())
    assert hints[0] == "did you mean `json`?"


def test_what_a_job_asks_for_is_there(tmp_path: Path) -> None:
    text = "import pandas\nimport numpy\nimport scikit_learn\n"
    assert judged(tmp_path, text, imports.here(["pandas", "scikit-learn==1.7.2"])) == []


def test_a_package_may_bring_modules_of_another_name(tmp_path: Path) -> None:
    ((message, severity, _, hints),) = judged(tmp_path, "import sklearn\n", imports.here(["scikit-learn==1.7.2"]))
    assert "none of the `requirements` is called so" in message
    assert severity is Severity.WARNING
    assert "version" in hints[-1]


def test_a_module_beside_the_job_is_not_taken_along(tmp_path: Path) -> None:
    (tmp_path / "helpers.py").write_text("x = 1\n", encoding="utf-8")
    ((message, severity, _, hints),) = judged(tmp_path, "from helpers import x\n", imports.here())
    assert "this file alone" in message
    assert severity is Severity.ERROR
    assert hints == ("write what the job needs into this file",)


def test_an_image_of_the_users_own_may_have_more(tmp_path: Path) -> None:
    ((_, severity, _, hints),) = judged(tmp_path, "import pandas\n", imports.in_pods(""))
    assert severity is Severity.ERROR
    assert "image" in hints[-1]
    ((_, severity, _, hints),) = judged(tmp_path, "import pandas\n", imports.in_pods("registry.example/spark:1"))
    assert severity is Severity.WARNING
    assert "registry.example/spark:1" in hints[-1]
    assert judged(tmp_path, "import pip\nimport json\n", imports.in_pods("")) == []


def test_where_the_command_stands_is_no_place_of_modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The driver is started elsewhere."""
    (tmp_path / "planted_here.py").write_text("", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for entry in ("", str(tmp_path)):
        monkeypatch.syspath_prepend(entry)
    assert not imports.installed("planted_here")
    assert imports.installed("rosace")
    assert imports.installed("duckdb")


@pytest.mark.live
def test_the_drivers_python_agrees(tmp_path: Path) -> None:
    """Each import is tried by the Python of a driver, in its environment, and judged."""
    (order,) = ENGINE.local.processes(site(tmp_path, files=False))
    environment = {**os.environ, **order.env}
    for name in ("SPARK_CONF_DIR", "SPARK_LOCAL_DIRS"):
        Path(environment[name]).mkdir(parents=True, exist_ok=True)
    tried = [
        *imports.NEEDS,
        "pyspark", "pyspark.sql.functions", "pyspark.sql.pandas.functions", "pyspark.sql.connect.session",
        "pyspark.sql.connect.functions", "pyspark.ml.feature", "pyspark.mllib.linalg", "pyspark.pandas.frame",
        "pyspark.pipelines", "pyspark.sql.streaming", "pyspark.sql.datasource", "pyspark.sql.avro.functions",
        "pyspark.testing", "pyspark.errors", "py4j.java_gateway", "json", "sqlite3", "pandas", "numpy", "pyarrow",
        "duckdb", "nosuchmodule", "rosace",
    ]  # fmt: skip
    wrong: list[str] = []
    for name in tried:
        python = environment["PYSPARK_DRIVER_PYTHON"]
        done = subprocess.run(
            [python, "-W", "ignore", "-c", f"import {name}"], cwd=tmp_path, env=environment, capture_output=True,
            text=True, check=False,
        )  # fmt: skip
        told = list(missing(ast.parse(f"import {name}"), imports.installed))
        if bool(told) != bool(done.returncode):
            wrong.append(f"{name}: {told or 'fine'}, but {done.stderr.strip().splitlines()[-1:] or 'imported'}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('spark.table("lake.orders")', 1),
        ('x = 1; spark.sql("SELECT * FROM `lake`.`orders` o")', 1),
        ('spark.sql(f"SELECT {x} FROM lake.orders")', 1),
        ('spark.table("orders")', 0),
        ('spark.table("lake.shop.orders")', 0),
        ('spark.table("lake.others")', 0),
        ('"a flake.orders and my.lake.orders"  # lake.orders', 0),
    ],
)
def test_a_table_called_as_in_sql_is_told(tmp_path: Path, text: str, line: int) -> None:
    one = replace(job(name="sums", path=str(tmp_path / "j.py"), schedule="0 0 1 1 *"), python=text)
    found = list(names.judge(one, {"orders"}))
    assert [one.labels[0].span.line for one in found] == [line] * bool(line)
    assert {one.severity for one in found} <= {Severity.WARNING}
