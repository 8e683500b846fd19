"""Runs a command as an ordinary user although Rosace is root, for servers that refuse to be root (PostgreSQL).

Comes in: an argument vector. Goes out: the vector that does the same as user `nobody`. Must not: be used by anyone
but root, import anything beyond the standard library, or need a program such as `setpriv`, which may be missing.

All capabilities are given up, and PR_SET_NO_NEW_PRIVS keeps the process and its children from gaining any: it cannot
write what is root's, signal, trace or become another user, load modules, mount, or bind low ports. Only where the
command or the working folder lies below a folder that `nobody` may not enter (root's own, /root on most systems) is
one kept, as an ambient one: CAP_DAC_READ_SEARCH, which enters folders and reads files whoever owns them, but writes
none. Files that it must own (PostgreSQL insists on its data folder) have to be given to `USER` before. The process
keeps its number: the launcher replaces itself by the command.

Sources: capabilities(7), prctl(2), access(2), and linux/{capability,prctl,securebits}.h for the numbers.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

USER = 65534
"""User and group `nobody`: the kernel's overflow id, in /etc/passwd of every distribution, and owner of nothing."""

_CAP_DAC_READ_SEARCH = 2
_CAPABILITY_VERSION_3 = 0x20080522
_PR_SET_SECUREBITS = 28
_SECBIT_NO_SETUID_FIXUP = 1 << 2
_PR_SET_NO_NEW_PRIVS = 38
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_CANNOT = 126
"""Exit code of a launcher that found its command but could not run it, as in a shell."""


def wrap(argv: Sequence[str]) -> tuple[str, ...]:
    """`argv` as root has to run it in order to have it run by `USER`.

    The launcher runs without site packages (`-I -S`), hence is there in some 20 ms whatever is installed.
    """
    return (sys.executable, "-I", "-S", __file__, *argv)


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Sets(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


def _call(name: str, *arguments: object) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    if getattr(library, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), name)


def _prctl(option: int, *arguments: int) -> None:
    padded = (*arguments, 0, 0, 0, 0)[:4]
    _call("prctl", option, *(ctypes.c_ulong(argument) for argument in padded))


def enters(path: Path, user: int = USER) -> bool:
    """Whether `user`, in no group but its own, may walk to `path` from the root folder."""
    for place in (path, *path.parents):
        told = place.stat()
        bit = 0o100 if told.st_uid == user else 0o010 if told.st_gid == user else 0o001
        if not told.st_mode & bit:
            return False
    return True


def become(user: int = USER, *, searching: bool = False) -> None:
    """Makes the calling process `user`'s, with no capability, or with CAP_DAC_READ_SEARCH alone where it has to be
    `searching`, kept over `exec`. There is no way back.

    Raises OSError where the kernel refuses: the caller is not root, or root of a user namespace that has no `user`.
    """
    # Else access(2), which PostgreSQL asks about its own programs, would ignore the capability that open(2) honours.
    _prctl(_PR_SET_SECUREBITS, _SECBIT_NO_SETUID_FIXUP)
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    bit = 1 << _CAP_DAC_READ_SEARCH if searching else 0
    # Two sets: version 3 has 64 bits in two halves, the second one for capabilities 32 and up.
    sets = (_Sets * 2)(_Sets(bit, bit, bit), _Sets(0, 0, 0))
    _call("capset", ctypes.byref(_Header(_CAPABILITY_VERSION_3, 0)), ctypes.byref(sets))
    if searching:
        _prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, _CAP_DAC_READ_SEARCH)
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def main(argv: Sequence[str]) -> NoReturn:
    """Replaces this process by `argv` run as `USER`; exits 126 with a line on stderr when that cannot be done."""
    name = argv[0] if argv else "nothing"
    try:
        command = shutil.which(argv[0]) or argv[0]
        needed = (Path.cwd(), Path(command).resolve())
        become(searching=not all(enters(path) for path in needed if path.exists()))
        os.execvp(argv[0], list(argv))
    except (OSError, IndexError) as error:
        hint = "in a container, user 65534 must exist in its user namespace; or run Rosace as an ordinary user"
        print(f"cannot run {name} as user {USER}: {error} ({hint})", file=sys.stderr)
        sys.exit(_CANNOT)


if __name__ == "__main__":
    main(sys.argv[1:])
