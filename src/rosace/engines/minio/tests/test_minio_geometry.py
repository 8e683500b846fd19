"""What an erasure code needs and survives, against a search that knows no arithmetic."""

from __future__ import annotations

from itertools import combinations

import pytest

from rosace.engines.minio.geometry import Erasure, Layout, layout_of


def test_four_and_two_on_four_servers() -> None:
    layout = layout_of(4, None, "4+2")
    assert (layout.drives, layout.total, len(layout.stripes), layout.erasure.stripe) == (3, 12, 2, 6)
    assert [dict(stripe) for stripe in layout.stripes] == [{0: 2, 1: 2, 2: 1, 3: 1}, {2: 2, 3: 2, 0: 1, 1: 1}]
    assert (layout.survives(), layout.survives(writing=True), layout.lost(2)) == (1, 1, 4)
    assert layout.usable == pytest.approx(2 / 3)


@pytest.mark.parametrize(("servers", "erasure", "drives"), [(4, "2+2", 1), (6, "4+2", 1), (3, "4+2", 2), (1, "2+2", 4)])
def test_as_few_drives_as_make_whole_stripes(servers: int, erasure: str, drives: int) -> None:
    assert Erasure.parse(erasure).fewest(servers) == drives


def test_halves_read_with_less_than_they_write_with() -> None:
    layout = layout_of(4, None, "2+2")
    assert (layout.survives(), layout.survives(writing=True)) == (2, 1)


@pytest.mark.parametrize("servers", range(1, 8))
@pytest.mark.parametrize("erasure", ["1+1", "2+1", "2+2", "3+2", "4+2", "6+3", "8+4"])
def test_as_a_search_over_all_losses_says(servers: int, erasure: str) -> None:
    layout = layout_of(servers, None, erasure)
    assert layout.total % layout.erasure.stripe == 0
    for gone in range(1, servers + 1):
        whole = all(_readable(layout, set(lost)) for lost in combinations(range(servers), gone))
        assert whole is (gone <= layout.survives())


def _readable(layout: Layout, lost: set[int]) -> bool:
    """Every stripe of drives, named as MinIO lines them up, has as many left as an object has data shards."""
    drives = [(server, drive) for drive in range(layout.drives) for server in range(layout.servers)]
    size = layout.erasure.stripe
    stripes = [drives[start : start + size] for start in range(0, len(drives), size)]
    return all(sum(server not in lost for server, _ in stripe) >= layout.erasure.data for stripe in stripes)
