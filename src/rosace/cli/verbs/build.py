"""`rosace build`: the platform as charts, values and applications for clusters."""

from __future__ import annotations

import gc
import json
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from rosace.cli.failures import say
from rosace.cli.options import Place, Where
from rosace.source.quoted import counted

if TYPE_CHECKING:
    from rosace.deliver.build import Built
    from rosace.model.platform import Platform

Folder = Annotated[
    Path,
    Parameter(name=["--output-dir", "-o"], help="The folder to write; what an earlier build listed there is replaced."),
]


def build(
    path: Place = None,
    /,
    *,
    where: Where | None = None,
    output_dir: Folder = Path("out"),
    output: Annotated[
        Literal["table", "json"], Parameter(name="--output", help="How to tell what was written: words, or JSON.")
    ] = "table",
    render: Annotated[
        bool, Parameter(help="Also write what Helm makes of charts and values, for review; needs `helm`.")
    ] = False,
    show: Annotated[
        bool, Parameter(help="Print that instead of writing the tree: the objects as YAML; needs `helm`.")
    ] = False,
    chart: Annotated[str, Parameter(help="With --show: only this chart.")] = "",
    cluster: Annotated[str, Parameter(help="With --show: only this cluster.")] = "",
) -> int:
    """Compile a platform for Kubernetes clusters into a tree that stands without Rosace.

    The tree holds plain Helm charts, the values of the environment, Argo CD applications for each cluster, a list of
    images with a bill of materials, and a report of what differs from this machine. The same input gives the same
    bytes. Nothing is sent anywhere; Helm is run for `--render` and `--show` only. The folder is written whole or not
    at all; what no build has listed in it (`.git`, `sealed/`) stays, and a file that was changed by hand since is not
    written over.

    Examples:
      rosace build examples/vision360 --env prod -o out
      rosace build examples/vision360 --env prod -o out --render
      rosace build examples/flights --env prod --show --chart streaming
    """
    from rosace.deliver.tree import accept

    place = (where or Where()).at(path)
    with _uncollected():
        if show:
            _show(_built(place), chart, cluster)
        else:
            accept(output_dir.absolute())
            _write(_built(place), output_dir, output, render=render)
    return 0


@contextmanager
def _uncollected() -> Generator[None]:
    """All that a build makes is used to its end: looking for garbage finds none, and takes a twentieth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _built(place: Where) -> Built:
    """The platform compiled. Raises `Refused` where there is nothing to compile, or what comes out is unsound."""
    from rosace.cli.judges import settle
    from rosace.cli.options import checked
    from rosace.deliver.build import build as compile_for
    from rosace.deliver.refusals import refuse_unsound
    from rosace.source.diagnostic import refuse

    platform = checked(place)
    if platform.platform.target != "kubernetes":
        raise refuse(
            "no-clusters",
            f"`{platform.platform.platform}` names no clusters: it runs on this machine",
            hints=("add `--env prod` if env/prod.yaml names them", "or write `clusters: {main: {}}`"),
        )
    settle(platform)
    built = compile_for(platform, place.env[-1] if place.env else "default")
    refuse_unsound(built, _others(place))
    return built


def _show(built: Built, chart: str, cluster: str) -> None:
    from rosace.deliver.helm import Helm
    from rosace.deliver.rendered import laid_down, texts
    from rosace.deliver.written import read

    helm = Helm()
    with laid_down(built) as tree:
        wanted = [one for one in read(tree) if chart in ("", one.chart) and cluster in ("", one.cluster)]
        for _, text in texts(wanted, helm):
            print(text, end="")


def _write(built: Built, output_dir: Path, output: str, *, render: bool) -> None:
    from rosace.deliver.tree import write

    files = built.files
    if render:
        from rosace.deliver import rendered
        from rosace.deliver.helm import Helm

        files = {**files, **rendered.files(built, Helm())}
    write(output_dir, files)
    charts = sorted({release.chart for release in built.releases})
    delivery = built.estate.checked.platform.delivery
    if "git" not in delivery.model_fields_set:
        say(
            f"warning: nobody said which repository Argo CD reads: the applications name {delivery.git}, an example's; "
            "write `delivery: {git: ...}` and build again"
        )
    if output == "json":
        summary: dict[str, object] = {
            "folder": str(output_dir),
            "files": len(files),
            "clusters": list(built.estate.clusters),
            "charts": charts,
            "applications": len(built.applications),
        }
        print(json.dumps(summary))
        return
    say(
        f"{output_dir}: {counted(len(built.releases), 'release')} of "
        f"{counted(len(charts), 'chart')} on {counted(len(built.estate.clusters), 'cluster')}, "
        f"{counted(len(built.applications), 'Argo CD application')}"
    )
    say(f"read {output_dir}/README.md, and {output_dir}/parity.md for what differs from this machine")


def _others(place: Where) -> dict[str, Platform]:
    """The platforms of the other environments, as far as their overlays can be read."""
    from pydantic import ValidationError

    from rosace.model.platform import Platform
    from rosace.source.diagnostic import Refused
    from rosace.source.load import load

    found: dict[str, Platform] = {}
    for overlay in sorted((place.file.parent / "env").glob("*.yaml")):
        if overlay.stem not in place.env:
            try:
                found[overlay.stem] = Platform.model_validate(
                    load(place.file, [overlay], also=place.allow_outside).value
                )
            except (Refused, ValidationError):
                # It is checked when it is built itself.
                continue
    return {name: platform for name, platform in found.items() if platform.clusters}
