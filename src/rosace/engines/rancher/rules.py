"""What Rancher cannot do, said before it is asked: backups that have nowhere to go."""

from __future__ import annotations

from rosace.engines.rancher.spec import RancherSpec
from rosace.kit.teams import managed
from rosace.model.checked import Checked
from rosace.source.diagnostic import Diagnostic, Severity


def check(checked: Checked) -> list[Diagnostic]:
    """Warns of backups that are asked for and not made."""
    platform = checked.platform
    spec = checked.engines["rancher"]
    assert isinstance(spec, RancherSpec)
    if platform.backups is None or spec.store is not None or not managed(platform):
        return []
    return [
        Diagnostic(
            "rancher-no-store",
            "`backups:` are asked for, and Rancher has no bucket: it is not backed up itself, and snapshots of etcd "
            "stay on the nodes that they are for",
            severity=Severity.WARNING,
            hints=("write `engines: {rancher: {store: {endpoint: s3.example.com, bucket: rancher}}}`",),
            about=("backups",),
        )
    ]
