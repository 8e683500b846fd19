"""Where an operator is installed has one address: whoever speaks of it speaks of the namespace that the user named."""

from __future__ import annotations

import pytest
from compiled import EXAMPLES, ROOT, Built, compiled, example

from rosace.plan.clusters.workloads import operators


def moved(name: str) -> Built:
    """An example with each of its operators in a namespace of its own choice."""
    whole = example(name).estate
    names = {one.name for cluster in whole.clusters for _, one in operators(whole, cluster)}
    places = [f"delivery.operators.{one}.{word}" for one in sorted(names) for word in ("namespace", "repo")]
    said = ["https://charts.example.com" if one.endswith(".repo") else f"to-{one.split('.')[2]}" for one in places]
    given = zip(places, said, strict=True)
    return compiled(ROOT / "examples" / name, EXAMPLES[name], *(f"{place}={value}" for place, value in given))


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_everybody_knows_where_an_operator_really_is(name: str) -> None:
    built = moved(name)
    estate = built.estate
    homes = {app.body["spec"]["destination"]["namespace"] for app in built.applications}
    found = [(part, one) for cluster in estate.clusters for part, one in operators(estate, cluster)]
    assert found
    for part, one in found:
        there = f"to-{one.name}"
        assert one.namespace == there
        assert there in homes
        assert there in part.site.around.operators
        if one.workload is None:
            continue
        assert one.workload.namespace == there
        scrapes = part.engine.kubernetes.watch(part.site).scrapes
        assert {scrape.namespace for scrape in scrapes if scrape.labels == one.workload.labels} <= {there}
