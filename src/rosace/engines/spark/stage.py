"""One source file, read and checked by DuckDB, written as Parquet for Spark: a process of its own.

Comes in: the path of a JSON file with `source` (see `kit.files.describe`) and `folder`. Goes out: `rows.parquet`
in that folder and a line on stdout for each row that was set aside; or the reason on the last line of stderr, with exit
code 3 where the file does not fit its declaration, so that trying again is no use, and 1 where it cannot be read now.
Must not: use more than `MEMORY`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

MEMORY = "256MB"
"""What DuckDB may hold at a time; a larger file is streamed and, where it must be sorted, spilled."""


def stage(task: Path) -> None:
    """Raises SourceFileError or duckdb.Error where the file is not as declared."""
    import duckdb

    from rosace.kit import files_aside
    from rosace.kit.files import open_source, skips
    from rosace.kit.files_sql import identifier, literal

    told = json.loads(task.read_text(encoding="utf-8"))
    folder = Path(told["folder"])
    with duckdb.connect() as connection:
        connection.execute(f"SET memory_limit = '{MEMORY}'")
        connection.execute("SET threads = 1")
        connection.execute(f"SET temp_directory = {literal(str(folder / 'spill'))}")
        connection.execute("SET preserve_insertion_order = false")
        open_source(connection, told["source"], "source", scratch=folder)
        columns = ", ".join(map(identifier, told["source"]["columns"]))
        target = literal(str(folder / "rows.parquet"))
        connection.execute(f"COPY (SELECT {columns} FROM source) TO {target} (FORMAT parquet, COMPRESSION zstd)")
        if skips(told["source"]):
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
