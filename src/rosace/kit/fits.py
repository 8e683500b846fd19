"""The judge of records for engines on a JVM (`Fit.java`): the shape it is told, and its jar, which Janino compiles.

Comes in: declared columns; Java sources, a class path that has Janino (which Spark and Flink bring to compile what they
generate: the runtime that Rosace fetches has no compiler), where the jar is to be. Goes out: text, and the jar, whole
or absent. Must not: know an engine by name.

Run as a program it makes the jar: `python -m rosace.kit.fits ORDER`, an order in JSON (see `Order`).
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import TypeAdapter

from rosace.contract.machine import Setup
from rosace.kit import whole
from rosace.model.columns import ColumnType

JUDGE = Path(__file__).with_name("Fit.java")
COMPILER = Path(__file__).with_name("Compile.java")
"""What runs Janino's compiler; Janino compiles it too, as a program of one file."""


def shape(columns: Mapping[str, ColumnType]) -> str:
    """Columns as `Fit.why` takes them: JSON."""
    return json.dumps([_column(name, column) for name, column in columns.items()], separators=(",", ":"))


def _column(name: str, column: ColumnType) -> list[object]:
    inner = [_column(field.name, field.type) for field in column.fields]
    return [name, column.kind.value, column.required, column.precision, column.scale, inner]


@dataclass(frozen=True, slots=True)
class Order:
    """A jar to be made of Java sources. `inside` are jars within a jar of the class path: (jar, entry). `services` maps
    the name of an interface to the class that its loader is to find."""

    jar: str
    java: str
    classpath: tuple[str, ...]
    sources: tuple[str, ...]
    inside: tuple[tuple[str, str], ...] = ()
    services: tuple[tuple[str, str], ...] = ()


def jar_of(archives: Path, name: str, sources: Iterable[Path]) -> Path:
    """Where the jar of these sources is: beside the class-data archives, since a class path may not change. Other
    sources are another jar."""
    digest = hashlib.sha256(b"\n".join(one.read_bytes() for one in (COMPILER, JUDGE, *sources))).hexdigest()
    return archives / f"{name}-{digest[:16]}.jar"


def setup(python: str, order: Order) -> Setup:
    """The step before a process's first start that makes the jar where it is not there."""
    return Setup((python, "-P", "-m", __name__, json.dumps(asdict(order))), order.jar)


def make(order: Order) -> None:
    """Makes the jar. Raises OSError or subprocess.CalledProcessError with what the compiler said on stderr."""
    jar = Path(order.jar)
    with tempfile.TemporaryDirectory(prefix="rosace-") as name:
        folder = Path(name)
        paths = list(order.classpath)
        for outer, entry in order.inside:
            with zipfile.ZipFile(outer) as archive:
                paths.insert(0, archive.extract(entry, folder))
        classes = folder / "classes"
        classes.mkdir()
        # Java takes a folder with a star for all jars in it, Janino does not.
        path = ":".join(str(jar) for one in paths for jar in (_starred(one) if one.endswith("*") else (one,)))
        told = ("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dfile.encoding=UTF-8", "-cp", path)
        main = ("org.codehaus.janino.SimpleCompiler", str(COMPILER), "Compile", str(classes))
        subprocess.run((order.java, *told, *main, str(JUDGE), *order.sources), check=True, stdout=sys.stderr)
        with whole.beside(jar, 0o644) as fresh, zipfile.ZipFile(fresh, "w") as out:
            for one in sorted(classes.rglob("*.class")):
                out.write(one, str(one.relative_to(classes)))
            for service, provider in order.services:
                out.writestr(f"META-INF/services/{service}", provider + "\n")


def _starred(path: str) -> list[Path]:
    return sorted(Path(path).parent.glob("*.jar"))


def main() -> None:
    """Makes the jar of the order in the first argument."""
    make(TypeAdapter(Order).validate_json(sys.argv[1]))


if __name__ == "__main__":
    main()
