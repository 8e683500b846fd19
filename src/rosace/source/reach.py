"""Which files a platform may name, and how they are read: regular ones inside its folder, up to a bound.

A folder may come from somebody else: `check` must not quote `/etc/passwd` because a file in it says so, nor wait for a
pipe, nor read a device without end. Comes in: a path as named. Goes out: its bytes, or the reason in words.
Must not: follow a link out of the folder, or hold more than it was allowed.
"""

from __future__ import annotations

import os
import pathlib
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import BinaryIO


class Outside(Exception):
    """The path leads out of what may be read."""

    hint = (
        "copy it into the folder of `platform.yaml`; or, if you trust this platform, `--allow-outside FOLDER` lets it "
        "read there too"
    )


class NotRegular(Exception):
    """A pipe, a device or a socket: reading it may never end."""

    def __str__(self) -> str:
        return "is no regular file"


class TooLarge(Exception):
    """More bytes than any such file has."""

    def __init__(self, most: int) -> None:
        super().__init__(f"is larger than {most >> 20} MiB")


@dataclass(frozen=True, slots=True)
class Reach:
    """The folder of `platform.yaml`, and those that the person who runs the command allows besides."""

    root: pathlib.Path
    also: Sequence[pathlib.Path] = ()
    _folders: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        folders = (os.path.realpath(folder) for folder in (self.root, *self.also))
        object.__setattr__(self, "_folders", tuple(f"{folder.rstrip('/')}/" for folder in folders))

    def real(self, path: pathlib.Path) -> pathlib.Path:
        """Where `path` leads with all links followed, whether or not anything is there.

        Raises `Outside`, or ValueError and OSError for what is no path.
        """
        real = os.path.realpath(path)
        if f"{real}/".startswith(self._folders):
            return pathlib.Path(real)
        raise Outside(str(path))

    def read(self, path: pathlib.Path, most: int) -> bytes:
        """All bytes of a file within reach; raises `Outside`, `NotRegular`, `TooLarge`, OSError or ValueError."""
        with regular(self.real(path)) as file:
            raw = file.read(most + 1)
        if len(raw) > most:
            raise TooLarge(most)
        return raw


def regular(path: pathlib.Path) -> BinaryIO:
    """Opens a regular file for reading and nothing else, without waiting for whoever might write a pipe."""
    number = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    mode = os.fstat(number).st_mode
    if stat.S_ISREG(mode):
        return os.fdopen(number, "rb")
    os.close(number)
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(f"`{path}` is a folder")
    raise NotRegular(str(path))
