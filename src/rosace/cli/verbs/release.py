"""`rosace release`: Helm's whole workflow on the charts of a built tree."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from rosace.cli.failures import say

Step = Literal[
    "lint",
    "template",
    "dependencies",
    "package",
    "verify",
    "push",
    "pull",
    "install",
    "upgrade",
    "history",
    "rollback",
    "test",
]
Action = Annotated[Step, Parameter(help="What to do with each chart.")]


def release(
    action: Action,
    tree: Annotated[Path, Parameter(help="What `rosace build` wrote.")] = Path("out"),
    /,
    *,
    chart: Annotated[tuple[str, ...], Parameter(help="Only these charts; repeatable.")] = (),
    cluster: Annotated[str, Parameter(help="Only this cluster.")] = "",
    packages: Annotated[Path, Parameter(help="Where packages lie.")] = Path("packages"),
    key: Annotated[str, Parameter(help="Sign with this key of the keyring.")] = "",
    keyring: Annotated[Path | None, Parameter(help="The keyring with that key.")] = None,
    passphrase_file: Annotated[Path | None, Parameter(help="A file with the key's passphrase.")] = None,
    registry: Annotated[str, Parameter(help="An OCI registry: oci://registry.example.com/charts.")] = "",
    plain_http: Annotated[bool, Parameter(help="The registry speaks HTTP (on this machine).")] = False,
    version: Annotated[str, Parameter(help="The chart's version in the registry.")] = "",
    revision: Annotated[int, Parameter(help="Go back to this revision; 0 is the one before.")] = 0,
    kubeconfig: Annotated[Path | None, Parameter(help="How to reach the cluster; Helm's default if unsaid.")] = None,
    debug: Annotated[bool, Parameter(help="Let Helm say what it does.")] = False,
) -> int:
    """Run Helm's workflow on the charts of a built tree: the same commands that a person would type.

    `lint`, `template`, `dependencies`, `package` and `verify` need no cluster and no registry. `push` and `pull` need
    `--registry`. The others need a cluster: `install` and `upgrade` are one and the same and repeatable, `history`
    lists the revisions, `rollback` goes back to one.

    Examples:
      rosace release lint out
      rosace release template out --chart streaming --debug
      rosace release package out --key rosace --keyring secring.gpg
      rosace release push out --registry oci://registry.example.com/charts
      rosace release upgrade out --cluster processing --chart streaming --registry oci://... --version 0.1.0+4f1c2ad9
      rosace release rollback out --cluster processing --chart streaming --revision 2
    """
    from rosace.deliver.helm import Helm
    from rosace.deliver.workflow import Words, Workflow
    from rosace.deliver.written import read
    from rosace.source.diagnostic import refuse

    if action in ("push", "pull") and not registry:
        raise refuse("no-registry", f"`{action}` needs to know where", hints=("--registry oci://host/path",))
    wanted = [one for one in read(tree) if (not chart or one.chart in chart) and cluster in ("", one.cluster)]
    if not wanted:
        raise refuse("no-release", f"{tree} has no such release", hints=(f"see {tree}/releases.json",))
    words = Words(packages, key, keyring, passphrase_file, registry, plain_http, version, revision)
    environment = {"KUBECONFIG": str(kubeconfig)} if kubeconfig else {}
    workflow = Workflow(Helm(environment=environment, debug=debug), words)
    for place, text in workflow.run(action, wanted):
        say(f"{action} {place}")
        sys.stdout.write(text if text.endswith("\n") or not text else f"{text}\n")
        sys.stdout.flush()
    return 0
