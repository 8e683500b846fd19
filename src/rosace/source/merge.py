"""One merge rule, Helm's, for overlays and `--set` alike.

In: trees, lowest layer first. Out: a new tree that remembers what each value
replaced. Must not: change its inputs, or merge lists.

Mappings merge deeply; everything else, lists too, replaces; an explicit null
deletes the key.
"""

from __future__ import annotations

from collections.abc import Sequence

from rosace.source.assignment import SET_LAYER, Assignment, read_assignments
from rosace.source.diagnostic import Diagnostic, Label, Refused, refuse
from rosace.source.span import Lines, Span
from rosace.source.tree import (
    Field,
    Fields,
    Items,
    Leaf,
    Node,
    Origin,
    Tree,
    format_path,
    origin_of,
)


def overlay(base: Tree, over: Tree) -> Tree:
    """Lay `over` on `base`; values only in `base` stay."""
    return Tree(_merge(base.root, over.root), {**base.sources, **over.sources})


def set_values(tree: Tree, assignments: Sequence[str]) -> Tree:
    """Apply `--set` texts in order (`a.b=1`, `a[0]=x`, `a={x,y}`, several in one separated by commas).

    Values follow YAML 1.2; quotes or a backslash keep special characters. Raises one `Refused` (`bad-assignment`) that
    holds every problem and quotes the texts in the pseudo file `--set`.
    """
    before = tree.sources.get(SET_LAYER)
    text = "\n".join(([] if before is None else [before]) + list(assignments))
    lines = Lines(SET_LAYER, text)
    start = 0 if before is None else len(before) + 1
    root = tree.root
    problems: list[Diagnostic] = []
    for assignment in assignments:
        end = start + len(assignment)
        try:
            for one in read_assignments(lines, start, end):
                root = _put(root, one, 0)
        except Refused as refused:
            problems.extend(refused.diagnostics)
        start = end + 1
    sources = {**tree.sources, SET_LAYER: text}
    if problems:
        raise Refused(*problems, sources=sources)
    return Tree(root, sources)


def check_assignments(assignments: Sequence[str]) -> list[Diagnostic]:
    """Return the mistakes of spelling alone, when there is no tree to apply them to."""
    lines = Lines(SET_LAYER, "\n".join(assignments))
    problems: list[Diagnostic] = []
    start = 0
    for assignment in assignments:
        end = start + len(assignment)
        try:
            read_assignments(lines, start, end)
        except Refused as refused:
            problems.extend(refused.diagnostics)
        start = end + 1
    return problems


def _merge(low: Node, high: Node) -> Node:
    if not isinstance(high, Fields):
        return _replacing(high, low)
    if not isinstance(low, Fields):
        return _replacing(_without_nulls(high), low)
    fields = dict(low.fields)
    removed = dict(low.removed)
    for key, entry in high.fields.items():
        if _is_null(entry.node):
            if fields.pop(key, None):
                removed[key] = origin_of(entry.node)
            continue
        removed.pop(key, None)
        if key not in fields:
            fields[key] = Field(entry.key, _without_nulls(entry.node))
            continue
        node = _merge(fields[key].node, entry.node)
        deep = node.span == fields[key].node.span
        fields[key] = Field(fields[key].key if deep else entry.key, node)
    return Fields(fields, low.span, low.layer, low.previous, removed)


def _without_nulls(node: Node) -> Node:
    """A mapping that is new in an overlay: its nulls delete nothing, and are not kept."""
    if not isinstance(node, Fields):
        return node
    fields = {
        key: Field(entry.key, _without_nulls(entry.node))
        for key, entry in node.fields.items()
        if not _is_null(entry.node)
    }
    return Fields(fields, node.span, node.layer, node.previous, node.removed)


def _replacing(node: Node, replaced: Node) -> Node:
    history: tuple[Origin, ...] = (origin_of(replaced), *replaced.previous)
    match node:
        case Leaf():
            return Leaf(node.value, node.span, node.layer, history)
        case Items():
            return Items(node.items, node.span, node.layer, history)
        case Fields():
            return Fields(node.fields, node.span, node.layer, history, node.removed)


def _is_null(node: Node) -> bool:
    return isinstance(node, Leaf) and node.value is None


def _put(node: Node | None, assignment: Assignment, depth: int) -> Node:
    """Return `node` with the assignment's value written `depth` steps down."""
    if depth == len(assignment.steps):
        return _replacing(assignment.value, node) if node else assignment.value
    step = assignment.steps[depth]
    if isinstance(step.name, int):
        return _put_item(node, assignment, depth, step.name)
    return _put_key(node, assignment, depth, step.name)


def _put_key(node: Node | None, assignment: Assignment, depth: int, key: str) -> Node:
    step = assignment.steps[depth]
    if isinstance(node, Items):
        raise _mismatch(assignment, depth, "is a list, not a mapping", "name an item: `[0]`")
    last = depth + 1 == len(assignment.steps)
    deletes = last and _is_null(assignment.value)
    if not isinstance(node, Fields):
        fresh = Fields({}, _whole(assignment), SET_LAYER)
        node = _replacing(fresh, node) if node else fresh
        assert isinstance(node, Fields)
    fields = dict(node.fields)
    removed = dict(node.removed)
    if deletes:
        if fields.pop(key, None):
            removed[key] = origin_of(assignment.value)
    else:
        below = fields.get(key)
        changed = _put(below.node if below else None, assignment, depth + 1)
        fields[key] = Field(below.key if below and not last else step.span, changed)
        removed.pop(key, None)
    return Fields(fields, node.span, node.layer, node.previous, removed)


def _put_item(node: Node | None, assignment: Assignment, depth: int, index: int) -> Node:
    if isinstance(node, Fields):
        raise _mismatch(assignment, depth, "is a mapping, not a list", "name a key: `.key`")
    if not isinstance(node, Items):
        fresh = Items((), _whole(assignment), SET_LAYER)
        node = _replacing(fresh, node) if node else fresh
        assert isinstance(node, Items)
    items = list(node.items)
    if index > len(items):
        message = f"has no item {index}"
        raise _mismatch(assignment, depth, message, f"the next free index is [{len(items)}]")
    below = items[index] if index < len(items) else None
    items[index : index + 1] = [_put(below, assignment, depth + 1)]
    return Items(tuple(items), node.span, node.layer, node.previous)


def _whole(assignment: Assignment) -> Span:
    first = assignment.steps[0]
    last = assignment.value.span
    return Span(last.file, first.span.line, first.span.column, last.end_line, last.end_column)


def _mismatch(assignment: Assignment, depth: int, what: str, hint: str) -> Refused:
    steps = assignment.steps[:depth]
    spelled = format_path(tuple(step.name for step in steps)) or "the platform"
    label = Label(assignment.steps[depth].span)
    return refuse("bad-assignment", f"`{spelled}` {what}", label, hints=(hint,))
