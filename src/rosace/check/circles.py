"""Circles in a graph: the parts whose members all lead to each other.

Comes in: vertices and what each leads to. Goes out: their strongly connected parts. Must not: know what they stand for.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import TypeVar

_Vertex = TypeVar("_Vertex", bound=Hashable)


def parts(vertices: Iterable[_Vertex], leads: Callable[[_Vertex], Iterable[_Vertex]]) -> list[Sequence[_Vertex]]:
    """The strongly connected parts, each after all that it leads to, in time linear in vertices and edges.

    Tarjan, "Depth-first search and linear graph algorithms" (SIAM J. Comput. 1, 1972), with a stack of its own: a
    chain of ten thousand is deeper than Python calls.
    """
    found: list[Sequence[_Vertex]] = []
    number: dict[_Vertex, int] = {}
    low: dict[_Vertex, int] = {}
    open_: dict[_Vertex, None] = {}
    for root in vertices:
        if root in number:
            continue
        number[root] = low[root] = len(number)
        open_[root] = None
        path: list[tuple[_Vertex, Iterator[_Vertex]]] = [(root, iter(leads(root)))]
        while path:
            here, following = path[-1]
            for there in following:
                if there not in number:
                    number[there] = low[there] = len(number)
                    open_[there] = None
                    path.append((there, iter(leads(there))))
                    break
                if there in open_:
                    low[here] = min(low[here], number[there])
            else:
                path.pop()
                if path:
                    low[path[-1][0]] = min(low[path[-1][0]], low[here])
                if low[here] == number[here]:
                    part: list[_Vertex] = []
                    while here in open_:
                        part.append(open_.popitem()[0])
                    found.append(part)
    return found
