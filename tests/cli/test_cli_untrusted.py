"""`rosace check` of a folder from somebody else: nothing outside is quoted, nothing waits, nothing grows."""

from __future__ import annotations

import gzip
import os
import socket
import zipfile
from pathlib import Path

import pytest
from measured import Told, measured

pytestmark = pytest.mark.slow

SECRET = "TOP-SECRET-WORD"
PLATFORM = """\
platform: strange
topics:
  orders: {columns: {id: int!, name: string}, key: id}
  copies: {columns: {id: int!}, key: id}
"""
FORMATS = ("csv", "jsonl", "parquet")
PLACES = 7
"""How many files `everywhere` names."""


def everywhere(folder: Path, file: str) -> Path:
    """A platform that names `file` wherever it can; `{n}` in it is another number each time."""
    numbers = iter(range(PLACES))

    def name() -> str:
        return file.replace("{n}", str(next(numbers)))

    sources = "".join(f"  {one}: {{file: '{name()}', to: orders, format: {one}}}\n" for one in FORMATS)
    folder.mkdir(exist_ok=True)
    (folder / "platform.yaml").write_text(
        f"{PLATFORM}sources:\n{sources}jobs:\n  copy: {{engine: flink, sql: '{name()}'}}\n"
        f"  run: {{engine: spark, python: '{name()}', reads: orders, writes: copies, after: csv}}\n"
        f"queries: {{ask: {{sql: '{name()}'}}}}\nverify: {{orders: '{name()}'}}\n",
        encoding="utf-8",
    )
    return folder


def source(folder: Path, file: str) -> Path:
    """A platform with one source."""
    folder.mkdir(exist_ok=True)
    text = f"{PLATFORM}sources: {{orders: {{file: '{file}', to: orders}}}}\n"
    (folder / "platform.yaml").write_text(text, encoding="utf-8")
    return folder


def check(folder: Path, *more: str, **env: str) -> Told:
    return measured(folder, *more, **env)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret.txt"
    path.write_text(f"{SECRET};{SECRET},{SECRET}\n{SECRET}: [\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("way", ["up", "absolute", "link", "linked folder", "proc"])
def test_what_lies_outside_is_refused_and_not_quoted(tmp_path: Path, secret: Path, way: str) -> None:
    folder = tmp_path / "platform"
    folder.mkdir()
    names = {"up": "../secret.txt", "absolute": str(secret), "link": "in{n}.txt", "linked folder": "in{n}/secret.txt"}
    for number in range(PLACES):
        if way == "link":
            (folder / f"in{number}.txt").symlink_to(secret)
        elif way == "linked folder":
            (folder / f"in{number}").symlink_to(tmp_path)
    told = check(everywhere(folder, names.get(way, "/proc/self/environ")), A_SECRET=SECRET)
    assert told.code == 1
    # A text that is named in several places is told once.
    assert told.text.count("error[file-outside]") == (PLACES if "{n}" in names.get(way, "") else 4)
    assert SECRET not in told.text


@pytest.mark.parametrize("way", ["platform.yaml", "env/prod.yaml"])
@pytest.mark.parametrize("output", ["terminal", "json", "sarif", "editor"])
def test_the_platforms_own_files_may_not_lead_outside_either(
    tmp_path: Path, secret: Path, way: str, output: str
) -> None:
    folder = source(tmp_path / "platform", "orders.csv")
    (folder / "env").mkdir()
    (folder / way).unlink(missing_ok=True)
    (folder / way).symlink_to(secret)
    told = check(folder, "--env", "prod", "--output", output)
    assert told.code == 1
    assert "file-outside" in told.text
    assert SECRET not in told.text


def test_a_folder_that_the_person_allows_may_be_read(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "orders.csv").write_text("id,name\n1,a\n")
    folder = source(tmp_path / "platform", "../data/orders.csv")
    assert check(folder).code == 1
    assert check(folder, "--allow-outside", str(tmp_path / "data")).code == 0
    assert check(folder, ROSACE_ALLOW_OUTSIDE=str(tmp_path / "data")).code == 0
    assert check(folder, "--allow-outside", str(tmp_path / "other")).code == 1


def test_links_within_the_folder_are_followed(tmp_path: Path) -> None:
    folder = source(tmp_path / "platform", "orders.csv")
    (folder / "2024.csv").write_text("id,name\n1,a\n")
    (folder / "orders.csv").symlink_to("2024.csv")
    assert check(folder).code == 0
    (tmp_path / "link").symlink_to(folder)
    assert check(tmp_path / "link").code == 0


@pytest.mark.parametrize("kind", ["fifo", "socket"])
def test_what_has_no_end_is_not_waited_for(tmp_path: Path, kind: str) -> None:
    folder = everywhere(tmp_path / "p", "in{n}")
    for number in range(PLACES):
        if kind == "fifo":
            os.mkfifo(folder / f"in{number}")
        else:
            socket.socket(socket.AF_UNIX).bind(str(folder / f"in{number}"))
    told = check(folder)
    assert told.code == 1
    assert told.text.count("error[not-a-file]") + told.text.count("error[file-unreadable]") == PLACES


@pytest.mark.parametrize("name", ["platform.yaml", "env/prod.yaml"])
@pytest.mark.parametrize("kind", ["fifo", "zero", "huge"])
def test_the_platforms_own_files_have_an_end(tmp_path: Path, name: str, kind: str) -> None:
    folder = source(tmp_path / "p", "orders.csv")
    (folder / "env").mkdir()
    (folder / name).unlink(missing_ok=True)
    if kind == "fifo":
        os.mkfifo(folder / name)
    elif kind == "zero":
        (folder / name).symlink_to("/dev/zero")
    else:
        _holes(folder / name)
    assert check(folder, "--env", "prod").code in (1, 2)


def _holes(path: Path, size: int = 500 << 20) -> None:
    """A file of zeros that takes no room."""
    with path.open("wb") as file:
        file.truncate(size)


def _line(path: Path, piece: bytes, size: int = 300 << 20) -> None:
    part = piece * (2**20 // len(piece))
    with path.open("wb") as file:
        for _ in range(size // len(part)):
            file.write(part)


def _gzip(path: Path) -> None:
    with gzip.open(path, "wb", compresslevel=1) as file:
        for _ in range(600):
            file.write(b"," * 2**20)


def _zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive, archive.open("in", "w") as file:
        for _ in range(600):
            file.write(b"," * 2**20)


def _footer(path: Path) -> None:
    _holes(path, 400 << 20)
    with path.open("r+b") as file:
        file.write(b"PAR1")
        file.seek(0, os.SEEK_END)
        file.write((390 << 20).to_bytes(4, "little") + b"PAR1")


BOMBS = {
    "device": lambda path: path.symlink_to("/dev/zero"),
    "zeros": _holes,
    "one line": lambda path: _line(path, b"a"),
    "commas": lambda path: _line(path, b","),
    "brackets": lambda path: _line(path, b"["),
    "braces": lambda path: _line(path, b'{"a":'),
    "gzip": _gzip,
    "zip": _zip,
    "footer": _footer,
}
SUFFIX = {"gzip": ".gz", "zip": ".zip"}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_source_that_is_a_bomb(tmp_path: Path, bomb: str) -> None:
    name = f"in{SUFFIX.get(bomb, '')}"
    folder = everywhere(tmp_path / "p", name)
    BOMBS[bomb](folder / name)
    told = check(folder)
    (folder / name).unlink()
    assert told.code == 1
