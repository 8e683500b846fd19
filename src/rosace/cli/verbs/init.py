"""`rosace init`: a platform to start from, written into a folder."""

from __future__ import annotations

import json
import re
import shlex
import unicodedata
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from rosace.cli.failures import say
from rosace.source.diagnostic import refuse

EXAMPLES = {"minimal": "your-own", "flights": "flights"}
"""What a person asks for, and the folder of `examples/` that it is."""

SCHEMA = "platform.schema.json"
MODELINE = f"# yaml-language-server: $schema=./{SCHEMA}"


def init(
    path: Annotated[Path | None, Parameter(help="The folder to write; made when it is not there.")] = None,
    /,
    *,
    example: Annotated[
        Literal["minimal", "flights"],
        Parameter(help="minimal: a file of your own orders; flights: 336,776 real departures with weather."),
    ] = "minimal",
) -> int:
    """Write a platform that runs as it is: its file, its SQL, its data, and its grammar for editors.

    Nothing is ever overwritten: where one of the files is there already, nothing is written at all.

    Examples:
      rosace init my-platform
      rosace init flights --example flights
    """
    folder = path or Path()
    files = contents(folder, example)
    _write(folder, files)
    say(f"wrote {len(files)} files below {folder}: " + ", ".join(sorted(files)))
    go = [f"cd {shlex.quote(str(folder))}"] if folder.resolve() != Path.cwd() else []
    say("next:")
    for line in (*go, "rosace check", "rosace up --verify", f"rosace query {QUERIES[example]}", "rosace down"):
        say(f"  {line}")
    return 0


QUERIES = {"minimal": "best-hours", "flights": "late-carriers"}
"""A query of each example, for the commands that are shown at the end."""


def contents(folder: Path, example: str) -> dict[str, bytes]:
    """Every file of an example by its path below `folder`; a minimal platform is named after the folder."""
    from rosace.check.schema import json_schema

    source = examples() / EXAMPLES[example]
    files = {
        item.relative_to(source).as_posix(): item.read_bytes()
        for item in sorted(source.rglob("*"))
        if item.is_file() and item.suffix in (".yaml", ".sql", ".py", ".csv", ".md")
    }
    text = files["platform.yaml"].decode()
    text = re.sub(r"\A# yaml-language-server:.*", MODELINE, text)
    if example == "minimal":
        text = re.sub(r"(?m)^platform: .*", f"platform: {name_of(folder.resolve().name)}", text, count=1)
    files["platform.yaml"] = text.encode()
    files[SCHEMA] = (json.dumps(json_schema(), indent=2) + "\n").encode()
    return files


def examples() -> Path:
    """The folder of examples: inside an installed wheel, or at the top of a checkout."""
    import rosace

    package = Path(rosace.__file__).parent
    for place in (package / "examples", package.parents[1] / "examples"):
        if (place / "flights" / "platform.yaml").is_file():
            return place
    raise refuse(
        "no-examples",
        f"this installation of Rosace lacks its examples: they belong in {package / 'examples'}",
        hints=("install Rosace again",),
    )


def name_of(folder: str) -> str:
    """A platform's name made of a folder's: `Données 2024` becomes `donnees-2024`."""
    plain = unicodedata.normalize("NFKD", folder).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:48].strip("-")
    return name if re.match(r"[a-z]", name) else f"platform-{name}"[:48].strip("-")


def _write(folder: Path, files: dict[str, bytes]) -> None:
    """All files or none: refused before the first is written where one is there already."""
    if folder.exists() and not folder.is_dir():
        raise refuse("not-a-folder", f"{folder} is a file", hints=("name a folder, such as `rosace init my-platform`",))
    there = [name for name in files if (folder / name).exists() or (folder / name).is_symlink()]
    if there:
        raise refuse(
            "already-there",
            f"{folder} holds {', '.join(sorted(there)[:4])}{', ...' if len(there) > 4 else ''} already",
            hints=("nothing was written: name another folder, such as `rosace init my-platform`",),
        )
    for name, data in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        # `x`: a file that appeared meanwhile is kept.
        with target.open("xb") as out:
            out.write(data)
