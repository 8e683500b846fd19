"""Values of any column type, made at random but always the same ones, and their spelling in JSON."""

from __future__ import annotations

import base64
import json
import random
import struct
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from rosace.model.columns import ColumnType, Kind

LETTERS = "abcXYZ é漢\U0001f600\"'\\/~=,{}[]\t\n"


def made(column: ColumnType, dice: random.Random) -> Any:
    """A value, or None where the column may have none."""
    if not column.required and dice.random() < 0.15:
        return None
    match column.kind:
        case Kind.ARRAY:
            return [made(column.element, dice) for _ in range(dice.randrange(4))]
        case Kind.MAP:
            return {_text(dice): made(column.element, dice) for _ in range(dice.randrange(4))}
        case Kind.ROW:
            return {field.name: made(field.type, dice) for field in column.fields}
        case _:
            return _scalar(column, dice)


def _text(dice: random.Random) -> str:
    return "".join(dice.choice(LETTERS) for _ in range(dice.randrange(9)))


def _scalar(column: ColumnType, dice: random.Random) -> Any:
    match column.kind:
        case Kind.STRING:
            return _text(dice)
        case Kind.SMALLINT | Kind.INT | Kind.BIGINT:
            bits = {Kind.SMALLINT: 15, Kind.INT: 31}.get(column.kind, 63)
            return dice.randrange(-(1 << bits), 1 << bits) >> dice.randrange(bits)
        case Kind.FLOAT:
            # Any pattern of bits that is a finite number.
            bits = (dice.randrange(2) << 31) | (dice.randrange(255) << 23) | dice.randrange(1 << 23)
            return struct.unpack("<f", struct.pack("<I", bits))[0]
        case Kind.DOUBLE:
            return dice.choice([1, -1]) * dice.random() * 10.0 ** dice.randrange(-300, 300)
        case Kind.DECIMAL:
            return Decimal(dice.randrange(-(10**column.precision) + 1, 10**column.precision)).scaleb(-column.scale)
        case Kind.BOOLEAN:
            return dice.random() < 0.5
        case Kind.BINARY:
            return dice.randbytes(dice.randrange(20))
        case Kind.UUID:
            return str(UUID(int=dice.getrandbits(128)))
        case _:
            return _moment(column, dice)


def _moment(column: ColumnType, dice: random.Random) -> Any:
    moment = datetime(1900, 1, 1) + timedelta(seconds=dice.randrange(200 * 365 * 86400))
    step = 10 ** (6 - column.precision)
    moment = moment.replace(microsecond=dice.randrange(10**6) // step * step)
    match column.kind:
        case Kind.DATE:
            return date(moment.year, moment.month, moment.day)
        case Kind.TIME:
            return moment.time().isoformat("microseconds")[: 9 + column.precision]
        case _:
            return moment


def spelled(value: Any) -> str:
    """As it stands in a line of JSON: every digit of a decimal, bytes in Base64."""
    match value:
        case Decimal():
            return f"{value:f}"
        case bytes():
            return json.dumps(base64.b64encode(value).decode())
        case list():
            return f"[{', '.join(map(spelled, value))}]"  # pyright: ignore[reportUnknownArgumentType]
        case dict():
            members = (f"{json.dumps(key)}: {spelled(one)}" for key, one in value.items())  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
            return f"{{{', '.join(members)}}}"
        case _:
            return json.dumps(value, default=str)
