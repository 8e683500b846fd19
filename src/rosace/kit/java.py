"""How a JVM engine is started: one way for all rooms, on a runtime that came as a package.

Comes in: a main class, its class path and heap. Goes out: the argument vector. Class-data archives (CDS, JEP 350)
cut the CPU of later starts: the first graceful exit writes one, later starts map it. An archive that no longer fits
its class path is ignored by the JVM (`-Xshare:auto`), so a stale one costs time, never correctness.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from rosace.model.quantity import Size

OPENS_17 = tuple(
    f"--add-opens=java.base/{package}=ALL-UNNAMED"
    for package in (
        "java.lang",
        "java.lang.invoke",
        "java.lang.reflect",
        "java.io",
        "java.net",
        "java.nio",
        "java.text",
        "java.time",
        "java.util",
        "java.util.concurrent",
        "java.util.concurrent.atomic",
        "java.util.concurrent.locks",
        "jdk.internal.ref",
        "sun.nio.ch",
        "sun.nio.cs",
        "sun.security.action",
        "sun.util.calendar",
    )
)
"""What Spark 4.1 (JavaModuleOptions) and Flink 2.1 (conf/config.yaml, env.java.opts.all) open, taken together."""

EXPORTS_17 = (
    "--add-exports=java.base/sun.net.util=ALL-UNNAMED",
    "--add-exports=java.security.jgss/sun.security.krb5=ALL-UNNAMED",
)


def command(
    runtime: Path,
    main: str,
    classpath: Iterable[Path | str],
    *,
    heap: Size,
    flags: Sequence[str] = (),
    properties: Mapping[str, str] | None = None,
    arguments: Sequence[str] = (),
) -> tuple[str, ...]:
    """The argument vector of a JVM.

    `runtime` is the folder that has `bin/java`. The heap may grow to `heap` and starts at half of it: memory that is
    not touched is not taken, and a start has a dozen collections, some of them full, where it begins at a quarter.
    Serial GC: with a heap of 1 GiB on two cores it has the smallest footprint.
    """
    return (
        str(runtime / "bin" / "java"),
        f"-Xms{max(32, heap.mib // 2)}m",
        f"-Xmx{heap.mib}m",
        "-XX:+UseSerialGC",
        "-XX:+ExitOnOutOfMemoryError",
        "-Dfile.encoding=UTF-8",
        "-Dsun.jnu.encoding=UTF-8",
        "-Duser.timezone=UTC",
        "-Djava.net.preferIPv4Stack=true",
        *flags,
        *(f"-D{name}={value}" for name, value in (properties or {}).items()),
        "-cp",
        ":".join(str(part) for part in classpath),
        main,
        *arguments,
    )


RULE = "after work, whole"
"""When archives are kept (`local.archives.keep`): those that were kept by another rule are made anew."""


def archive_name(process: str, runtime: Path, classpath: Iterable[Path | str]) -> str:
    """The file name of a process's class-data archive: another runtime or class path is another archive."""
    digest = hashlib.sha256("\n".join([RULE, str(runtime), *map(str, classpath)]).encode()).hexdigest()
    return f"{process}-{digest[:16]}.jsa"


def with_archive(argv: Sequence[str], archive: Path, fresh: Path) -> tuple[str, ...]:
    """`argv` told to map `archive` where it exists, else to write `fresh` at its graceful exit."""
    if archive.exists():
        return (argv[0], "-Xshare:auto", f"-XX:SharedArchiveFile={archive}", *argv[1:])
    return (argv[0], f"-XX:ArchiveClassesAtExit={fresh}", *argv[1:])
