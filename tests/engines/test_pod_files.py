"""What a pod's first container writes from secrets holds them as their readers read them, whatever they are made of."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from rosace.engines.spark.settings import properties_text
from rosace.kit import jars

HOSTILE = [
    "plain", "\\", "a\\", "a\\nb", "\\\\", "a:b", ":", "a\\:b", '"', "'", "a b", " a", "a ", "#a", "!a", "=", "a=b",
    "&", "\\&", "${env:HOME}", "$(id)", "`id`", "%s", "*", "é€😀", "\u2028", "/", "//", "-n", "\\u0041", "\t", "\ta",
]  # fmt: skip


def prepare(folder: Path, **told: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", jars.SCRIPT],
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **told},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("secret", [*HOSTILE, "a\nb", "a\n", "\r", "\f"], ids=ascii)
def test_a_secret_is_one_property(tmp_path: Path, secret: str) -> None:
    """As the writer of this machine, whose lines java.util.Properties reads back (test_written_settings.py)."""
    (tmp_path / "template").write_text("spark.a=b\n")
    told = {"TEMPLATE": "template", "TARGET": "target", "SECRET_NAME": "spark.secret", "SECRET_VALUE": secret}
    assert prepare(tmp_path, **told).returncode == 0
    assert (tmp_path / "target").read_bytes() == b"spark.a=b\n" + properties_text({"spark.secret": secret}).encode()


@pytest.mark.parametrize("secret", HOSTILE, ids=ascii)
def test_a_password_is_one_field_of_the_password_file(tmp_path: Path, secret: str) -> None:
    """By the grammar of PgPassParser (PostgreSQL's JDBC driver, 42.7): a backslash goes before one and a colon."""
    assert prepare(tmp_path, LAKE_PASSWORD=secret, PGPASSFILE="pgpass").returncode == 0
    file = tmp_path / "pgpass"
    assert file.stat().st_mode & 0o777 == 0o600
    fields, quoted = [""], False
    for one in file.read_bytes().decode().removesuffix("\n"):
        if quoted or one not in "\\:":
            fields[-1] += one
            quoted = False
        elif one == ":":
            fields.append("")
        else:
            quoted = True
    assert fields == ["*", "*", "*", "*", secret]


@pytest.mark.parametrize("secret", ["s3cret\n", "\ns3cret", "s3cret\rb"], ids=ascii)
def test_a_password_of_two_lines_is_refused(tmp_path: Path, secret: str) -> None:
    done = prepare(tmp_path, LAKE_PASSWORD=secret, PGPASSFILE="pgpass")
    assert done.returncode == 1
    assert "line break" in done.stderr
    assert "s3cret" not in done.stdout + done.stderr
    assert not (tmp_path / "pgpass").exists()
