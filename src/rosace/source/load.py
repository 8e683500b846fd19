"""A base file, overlays and `--set` assignments become one tree.

In: paths and assignment texts, lowest layer first. Out: the merged `Tree`.
Must not: check what the keys mean.
"""

from __future__ import annotations

import pathlib
from collections.abc import Sequence

from rosace.source.diagnostic import Diagnostic, Label, Refused
from rosace.source.merge import check_assignments, overlay, set_values
from rosace.source.reach import Reach
from rosace.source.tree import Fields, Tree
from rosace.source.yaml import display_path, parse, parse_file


def load(
    base: pathlib.Path,
    overlays: Sequence[pathlib.Path] = (),
    sets: Sequence[str] = (),
    also: Sequence[pathlib.Path] = (),
) -> Tree:
    """Read `base`, lay each of `overlays` on it in order, then apply `sets`.

    All files are within the folder of `base` or in one of `also`, links followed.
    Raises one `Refused` holding the problems of every file and assignment.
    """
    layers: list[Tree] = []
    problems: list[Diagnostic] = []
    sources: dict[str, str] = {}
    reach = Reach(base.parent, also)
    for path in (base, *overlays):
        try:
            layer = parse_file(path, reach) if path is base else parse_file(path, reach, instead=_others(path))
            sources.update(layer.sources)
            problems.extend(_not_a_mapping(layer))
            layers.append(layer)
        except Refused as refused:
            problems.extend(refused.diagnostics)
            sources.update(refused.sources)
    return _merged(layers, problems, sources, sets)


def _others(overlay: pathlib.Path) -> str:
    """What to do where an overlay is missing."""
    there = sorted(one.stem for one in overlay.parent.glob("*.yaml") if one.stem.isprintable())[:_SOME]
    return f"there is {', '.join(f'`{one}`' for one in there)}" if there else "write it, or leave the overlay out"


_SOME = 9
"""Other overlays that are named at most."""


def reload(texts: Sequence[tuple[pathlib.Path, str]], sets: Sequence[str] = ()) -> Tree:
    """As `load`, of files as they once were: the path and text of each, the base first. Reads nothing.

    Raises `Refused` where they do not read now, by another version of Rosace say.
    """
    layers = [parse(text, display_path(path)) for path, text in texts]
    sources = {file: text for layer in layers for file, text in layer.sources.items()}
    return _merged(layers, [problem for layer in layers for problem in _not_a_mapping(layer)], sources, sets)


def _merged(layers: list[Tree], problems: list[Diagnostic], sources: dict[str, str], sets: Sequence[str]) -> Tree:
    if problems:
        if sets:
            problems.extend(check_assignments(sets))
            sources["--set"] = "\n".join(sets)
        raise Refused(*problems, sources=sources)
    tree = layers[0]
    for layer in layers[1:]:
        tree = overlay(tree, layer)
    return set_values(tree, sets) if sets else tree


def _not_a_mapping(tree: Tree) -> list[Diagnostic]:
    if isinstance(tree.root, Fields):
        return []
    place = tree.key_span(())
    message = f"`{place.file}` must hold a mapping, `key: value` lines"
    text = isinstance(tree.value, str) and ":" in tree.value
    hints = ("a space is needed after the colon: `key: value`",) if text else ()
    return [Diagnostic("not-a-mapping", message, labels=(Label(place),), hints=hints)]
