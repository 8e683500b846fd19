"""Lays out a built tree's objects from its values, as `helm template` does, and prints them: what `compile` times."""

from __future__ import annotations

import sys
from pathlib import Path

import yaml

from rosace.deliver.yamltext import dump_all
from rosace.engines.registry import engines

tree = Path(sys.argv[1])
shared, own = (
    yaml.load((tree / name).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    for name in ("env/default.yaml", "clusters/main/values/streaming.yaml")
)
frame = {**shared["global"], **own.pop("global")}
rooms = engines()
sys.stdout.write(
    dump_all(one for name, section in own.items() for one in rooms[name].kubernetes.objects(frame, section))
)
