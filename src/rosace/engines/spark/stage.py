"""What is new in a source's files, read and checked by DuckDB, written as Parquet for Spark: a process of its own.

Comes in: the path of a JSON file with `source` (see `kit.files.describe`), the `ledger` of what was loaded before, the
mark of what is known to be `committed`, and `folder`. Goes out: `part.json` in that folder, which says what is to be
committed, its `rows.parquet`, and a line on stdout for each row that was set aside; or the reason on the last line of
stderr, with exit code 3 where the file does not fit its declaration, so that trying again is no use, and 1 where it
cannot be read now. Must not: use more than `MEMORY`.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

MEMORY = "256MB"
"""What DuckDB may hold at a time; a larger file is streamed and, where it must be sorted, spilled."""


def stage(task: Path) -> None:
    """Raises SourceFileError or duckdb.Error where the file is not as declared, or not as it was loaded."""
    from rosace.kit import growth
    from rosace.kit.files import paths_of
    from rosace.kit.folders import several

    told = json.loads(task.read_text(encoding="utf-8"))
    folder, source, path, pattern = Path(told["folder"]), told["source"], Path(told["ledger"]), told["pattern"]
    paths = [Path(name) for name in several(Path("/"), pattern)] if pattern else paths_of(source)
    shape = growth.shape_of(source, told["shape"])
    known = growth.read(path)
    if known is None or known.shape != shape:
        known = growth.Ledger(shape)
    elif known.next is not None:
        known = known.settled() if known.next.mark == told["committed"] else replace(known, next=None)
    try:
        found = growth.look(source, paths, known, whole_lines=bool(pattern), salt=told["run"])
    except growth.ChangedError as error:
        way = f"put the file back as it was; `rosace restart {source['name']} --fresh` loads all of it anew"
        raise growth.ChangedError(f"source `{source['name']}`: {error}. To go on, {way}") from None
    growth.keep(path, found)
    if found.next is not None:
        _rows(growth.cut(source, paths, found, folder / "new"), folder)
    part = {"mark": found.next.mark if found.next else "", "first": found.base is None}
    (folder / "part.json").write_text(json.dumps(part), encoding="utf-8")


def _rows(source: dict[str, Any], folder: Path) -> None:
    import duckdb

    from rosace.kit import files_aside
    from rosace.kit.files import open_source, skips
    from rosace.kit.files_sql import identifier, literal

    with duckdb.connect() as connection:
        connection.execute(f"SET memory_limit = '{MEMORY}'")
        connection.execute("SET threads = 1")
        connection.execute(f"SET temp_directory = {literal(str(folder / 'spill'))}")
        connection.execute("SET preserve_insertion_order = false")
        open_source(connection, source, "source", scratch=folder)
        columns = ", ".join(map(identifier, source["columns"]))
        target = literal(str(folder / "rows.parquet"))
        connection.execute(f"COPY (SELECT {columns} FROM source) TO {target} (FORMAT parquet, COMPRESSION zstd)")
        if skips(source):
            files_aside.keep(connection, "source", folder / "aside")
            for line in files_aside.said(folder / "aside"):
                print(line)


def main() -> int:
    """Stages what the order in `argv[1]` says; a source that cannot be read is one line on stderr (see above)."""
    import duckdb

    from rosace.kit.files import SourceFileError, said

    try:
        stage(Path(sys.argv[1]))
    except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
        # A full disk may have room again.
        print(said(error), file=sys.stderr)
        return 1
    except (SourceFileError, duckdb.Error) as error:
        print(said(error), file=sys.stderr)
        return 3
    except Exception as error:
        print(said(error), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
