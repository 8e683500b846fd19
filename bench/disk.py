"""What the example downloads and takes on disk: from the locked lists, and from what lies in the cache."""

from __future__ import annotations

from figure import Figure
from session import EXAMPLE, Session

from rosace.cli.options import Where, checked
from rosace.cli.verbs.doctor import DISK
from rosace.local.artifacts.cache import Cache, cache_root
from rosace.local.prepare import artifacts, distinct


def measure(session: Session) -> list[Figure]:
    """Bytes over the network for an empty cache, and bytes of the unpacked artifacts and the class-data archives."""
    names = [spec["archive"] for spec in session.flights().rig.deployment()["processes"] if spec["archive"]]
    platform = checked(Where(EXAMPLE))
    cache = Cache(cache_root())
    all_of_them = distinct(artifacts(platform))
    files = {item.sha256: item for item in all_of_them}.values()
    download = sum(item.size for item in files)
    unknown = sorted({item.coordinate for item in files if not item.size})
    unpacked = sum(cache.disk(item) for item in all_of_them)
    written = [path for name in names if (path := cache_root() / "archives" / name).exists()]
    archives = sum(path.stat().st_size for path in written)
    largest = sorted(files, key=lambda item: -item.size)[:5]
    fetched = {f"{item.file}": f"{item.size / 1e6:,.0f} MB" for item in largest}
    if unknown:
        fetched["size not in a locked list, not counted"] = ", ".join(unknown)
    kept = {
        "unpacked artifacts": f"{unpacked / 1e9:.2f} GB",
        "class-data archives, written at the first stop": f"{archives / 1e9:.2f} GB ({len(written)} of {len(names)})",
    }
    text = f"download of {len(files)} artifacts, all engines and data"
    taken = "disk after unpacking, with class-data archives; the limit is what `doctor` asks for"
    return [
        Figure("download", text, download / 1e9, "GB", parts=fetched),
        Figure("disk", taken, (unpacked + archives) / 1e9, "GB", limit=DISK / 1e9, parts=kept),
    ]
