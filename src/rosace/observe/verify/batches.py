"""Rows as columns of typed values, brought into DuckDB bit by bit: no text is written or read on the way.

Comes in: rows of any values with what says where they stand, and declared columns. Goes out: rows of a DuckDB table.
Must not: know where rows come from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, assert_never

from rosace.model.columns import ColumnType, Kind
from rosace.model.kinds import facts
from rosace.observe.verify.values import Meaning, Unfit, meaning

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SIZE = 20_000
"""Rows that are held as Python's values at a time: some tens of megabytes."""

Columns = Sequence[Any]
"""For each column a sequence of Python's values or an Arrow array."""

Where = Callable[[int], str]
"""Names the place of a batch's row by its index."""


class MisreadError(ValueError):
    """A value is not what its column is declared to hold; the text says where it is and what was found."""


class Loader:
    """Appends batches to a table that has exactly the declared columns."""

    def __init__(
        self, db: DuckDBPyConnection, table: str, columns: Mapping[str, ColumnType], *, skip: bool = False
    ) -> None:
        """With `skip` rows that do not fit are left out."""
        from rosace.kit.files import duckdb_type

        self._db, self._table, self._columns, self._skip = db, table, columns, skip
        shape = ", ".join(f'"{name}" {duckdb_type(column)}' for name, column in columns.items())
        self._meanings = [meaning(column) for column in columns.values()]
        db.execute(f"CREATE OR REPLACE TABLE {table} ({shape})")

    def add(self, values: Columns, where: Where) -> None:
        """Appends the rows that these columns make. Raises MisreadError."""
        try:
            self._add(values, where)
        except MisreadError:
            if not self._skip:
                raise
            self._add(_fitting(values, self._meanings), where)

    def _add(self, values: Columns, where: Where) -> None:
        import pyarrow as pa  # pyright: ignore[reportMissingTypeStubs]

        arrow: Any = pa
        arrays: list[Any] = []
        for (name, column), found, means in zip(self._columns.items(), values, self._meanings, strict=True):
            wanted = _arrow_type(arrow, column)
            if isinstance(found, arrow.Array) and _is(found, wanted, column):
                arrays.append(found)
                continue
            held = _listed(found, name, where) if isinstance(found, arrow.Array) else found
            try:
                arrays.append(arrow.array(_typed(held, means), wanted))
            except Unfit:
                raise MisreadError(_place(held, means, name, where)) from None
        batch = arrow.Table.from_arrays(arrays, names=list(self._columns))
        self._db.register("batch", batch)
        self._db.execute(f"INSERT INTO {self._table} SELECT * FROM batch")
        self._db.unregister("batch")


def _is(array: Any, wanted: Any, column: ColumnType) -> bool:
    """Whether an Arrow array holds a column's values as they are. Times and dates have bounds that types do not say."""
    bounded = column.kind is not Kind.STRING and facts(column.kind).family in ("time", "text", "nested")
    return array.type == wanted and not bounded and not (column.required and array.null_count)


def _listed(array: Any, name: str, where: Where) -> Sequence[Any]:
    try:
        return _python(array)
    except (ValueError, OverflowError) as error:
        # Python's dates end with the year 9999, as the columns' do.
        raise MisreadError(f"{where(0)} or one of {len(array)} from there, column `{name}`: {error}") from None


def _python(array: Any) -> list[Any]:
    """An Arrow array's values; maps are dicts, so that none is taken for a list, but where a key is there twice."""
    try:
        return array.to_pylist(maps_as_pydicts="strict")
    except KeyError:
        return array.to_pylist()


def _fitting(values: Columns, meanings: Sequence[Meaning]) -> Columns:
    """The columns without the rows in which a value does not fit."""
    held = [found if isinstance(found, (list, tuple)) else _python(found) for found in values]
    bad = {
        index
        for found, means in zip(held, meanings, strict=True)
        for index, one in enumerate(found)
        if _unfit(one, means)
    }
    return [[one for index, one in enumerate(found) if index not in bad] for found in held]


def _unfit(value: Any, means: Meaning) -> bool:
    try:
        means(value)
    except Unfit:
        return True
    return False


class _Known(dict[Any, Any]):
    """Meanings of the values of one column: most files say the same few things again and again."""

    def __init__(self, means: Meaning) -> None:
        super().__init__()
        self._means = means

    def __missing__(self, value: Any) -> Any:
        found = self[value] = self._means(value)
        return found


def _typed(found: Sequence[Any], means: Meaning) -> list[Any]:
    # Values that are equal must mean the same: 1, 1.0 and True are one key of a dictionary, 0.0 and -0.0 too.
    kinds = {*map(type, found)} - {type(None)}
    alike = len(kinds) <= 1 and kinds <= {str, int, Decimal, date, datetime}
    return list(map(_Known(means).__getitem__ if alike else means, found))


def _place(found: Sequence[Any], means: Meaning, name: str, where: Where) -> str:
    for index, value in enumerate(found):
        try:
            means(value)
        except Unfit as error:
            return f"{where(index)}, column `{name}`: {error}"
    raise AssertionError("the value was refused before")


def transposed(rows: Sequence[Sequence[Any]], width: int) -> list[Sequence[Any]]:
    """Columns of rows that all have `width` values."""
    return list(zip(*rows, strict=True)) if rows else [()] * width


def chunks(rows: Iterable[Any]) -> Iterable[list[Any]]:
    """Lists of up to `SIZE` rows."""
    held: list[Any] = []
    for row in rows:
        held.append(row)
        if len(held) == SIZE:
            yield held
            held = []
    if held:
        yield held


def _arrow_type(arrow: Any, column: ColumnType) -> Any:
    match column.kind:
        case Kind.STRING | Kind.UUID | Kind.TIME:
            return arrow.string()
        case Kind.SMALLINT:
            return arrow.int16()
        case Kind.INT:
            return arrow.int32()
        case Kind.BIGINT:
            return arrow.int64()
        case Kind.FLOAT:
            return arrow.float32()
        case Kind.DOUBLE:
            return arrow.float64()
        case Kind.BOOLEAN:
            return arrow.bool_()
        case Kind.BINARY:
            return arrow.binary()
        case Kind.DATE:
            return arrow.date32()
        case Kind.TIMESTAMP | Kind.TIMESTAMPTZ:
            return arrow.timestamp("us")
        case Kind.DECIMAL:
            return arrow.decimal128(column.precision, column.scale)
        case Kind.ARRAY:
            return arrow.list_(_arrow_type(arrow, column.element))
        case Kind.MAP:
            return arrow.map_(arrow.string(), _arrow_type(arrow, column.element))
        case Kind.ROW:
            return arrow.struct([(field.name, _arrow_type(arrow, field.type)) for field in column.fields])
        case _:
            assert_never(column.kind)
