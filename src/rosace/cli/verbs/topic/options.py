"""Options that words after `rosace topic` share: which records, and how many."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

Offset = Annotated[int | None, Parameter(help="The first offset; where the topic begins when unsaid.")]
Partition = Annotated[int | None, Parameter(help="Only this partition, counted from 0.")]
Most = Annotated[int, Parameter(name=["--number", "-n"], help="How many records at most.")]
