"""What an erasure code needs of servers and drives, and what it survives: arithmetic, no words of Kubernetes.

MinIO takes the drives of a pool server by server (`host{0...3}/export{0...2}` is host 0's first drive, host 1's first,
...) and cuts that row into stripes, each of `data + parity` drives; every object lies in one stripe. Sources:
github.com/minio/minio, cmd/endpoint-ellipses.go (`getSetIndexes`: a stripe has 2 to 16 drives and divides them all;
MINIO_ERASURE_SET_DRIVE_COUNT is taken without asking for symmetry) and internal/config/storageclass (parity is at most
half of a stripe); docs/erasure/storage-class: reads need `data` drives, writes one more where parity equals data.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

SMALLEST, LARGEST = 2, 16
"""Drives of a stripe."""

FEWEST = 4
"""Drives of a pool that is erasure-coded (minio/operator, pkg/apis/minio.min.io/v2/helper.go, `Pool.Validate`)."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """`data+parity`, as users write it."""

    data: int
    parity: int

    @classmethod
    def parse(cls, text: str) -> Erasure:
        """Reads `4+2`, whose form `spec.py` has checked."""
        data, _, parity = text.partition("+")
        return cls(int(data), int(parity))

    @property
    def stripe(self) -> int:
        """Drives of a stripe."""
        return self.data + self.parity

    def fewest(self, servers: int) -> int:
        """The fewest drives of each server with which all stripes are full."""
        return next(
            drives
            for drives in range(1, self.stripe * FEWEST + 1)
            if servers * drives % self.stripe == 0 and servers * drives >= FEWEST
        )


@dataclass(frozen=True, slots=True)
class Layout:
    """Servers with their drives, and the code that lies over them."""

    servers: int
    drives: int
    erasure: Erasure

    @property
    def total(self) -> int:
        """Drives of all servers."""
        return self.servers * self.drives

    @property
    def stripes(self) -> tuple[Counter[int], ...]:
        """How many drives of each server lie in each stripe."""
        size = self.erasure.stripe
        row = [number % self.servers for number in range(self.total)]
        return tuple(Counter(row[start : start + size]) for start in range(0, self.total, size))

    def lost(self, servers: int) -> int:
        """The most drives of one stripe that go when so many servers do, whichever they are."""
        return max(sum(count for _, count in stripe.most_common(servers)) for stripe in self.stripes)

    @property
    def spare(self) -> int:
        """Drives of a stripe that may be gone while objects are still written."""
        return self.erasure.parity - (1 if self.erasure.parity == self.erasure.data else 0)

    def survives(self, *, writing: bool = False) -> int:
        """How many whole servers may be gone, whichever they are, while all is read (and written)."""
        bound = self.spare if writing else self.erasure.parity
        return next((gone - 1 for gone in range(1, self.servers + 1) if self.lost(gone) > bound), self.servers)

    @property
    def usable(self) -> float:
        """The part of all drives that holds data."""
        return self.erasure.data / self.erasure.stripe


def layout_of(nodes: int, drives: int | None, erasure: str) -> Layout:
    """The layout that `storage:` asks for; as few drives as the code needs where it names none."""
    code = Erasure.parse(erasure)
    return Layout(nodes, drives or code.fewest(nodes), code)
