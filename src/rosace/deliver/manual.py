"""The README of a built tree: what lies where, and the commands that install it without Rosace."""

from __future__ import annotations

from rosace.contract.needs import SecretNeed
from rosace.deliver import before
from rosace.deliver.applications import Application, project_name
from rosace.deliver.concerns import backups
from rosace.deliver.concerns.secrets import brought, origin, remote, sealing
from rosace.deliver.releases import Release
from rosace.plan.clusters.topology import Estate


def manual(estate: Estate, releases: tuple[Release, ...], apps: tuple[Application, ...]) -> str:
    """A page for whoever finds this tree in Git."""
    name = project_name(estate)
    lines = [
        f"# {estate.platform}, {estate.environment}",
        "",
        "Compiled by `rosace build` from one `platform.yaml`; plain Helm and plain Argo CD from here on. Nothing here",
        "is edited by hand: change `platform.yaml` or its overlay and build again; Git shows the difference.",
        "",
        "| Folder | What |",
        "|---|---|",
        "| `charts/` | plain Helm charts, the same for every environment |",
        f"| `env/{estate.environment}.yaml` | what holds for all of this environment |",
        "| `clusters/<cluster>/values/` | every decision, one file a chart |",
        "| `clusters/<cluster>/applications/` | Argo CD applications with their waves |",
        "| `clusters/<cluster>/rendered/` | only after `build --render`: what Helm makes of them, for review |",
        "| `argocd/` | the one application to apply by hand, and the setting that makes waves wait |",
        "| `images.yaml`, `sbom.cdx.json` | what is pulled, with sources; CycloneDX bill of materials |",
        "| `parity.md` | what is the same as on a laptop, what is mapped, what is missing |",
        "",
        *_recovery(estate),
        *before.lines(estate, releases),
        "## By Argo CD",
        "",
        "```sh",
        "kubectl apply --server-side -f argocd/argocd-cm.yaml   # once: waves wait for the applications before",
        "kubectl apply --server-side -f argocd/argocd-secret.yaml   # once: Git's calls are believed",
        "kubectl apply --server-side -f clusters/project.yaml -f argocd/root.yaml",
        f"argocd app wait {name} --health",
        "```",
        "",
        "Have the Git server call `https://<Argo CD>/api/webhook` at each push, with the secret `git-webhook` of the",
        "store; without it Argo CD looks every three minutes.",
        "",
        "## By Helm alone",
        "",
        "Install the operators of `images.yaml` first (each with its definitions), then, on each cluster:",
        "",
        "```sh",
    ]
    for release in releases:
        lines.append(
            f"helm upgrade --install {release.chart} charts/{release.chart} --namespace {release.namespace} "
            f"-f env/{estate.environment}.yaml -f clusters/{release.cluster}/values/{release.chart}.yaml"
            f"   # on {release.cluster}"
        )
    lines += [
        "```",
        "",
        "## Applications, in their order",
        "",
        "| Wave | Cluster | Application | From |",
        "|---|---|---|---|",
    ]
    for app in sorted(apps, key=lambda one: (one.wave, one.cluster, one.name)):
        source = app.body["spec"]["source"]
        place = source.get("path") or f"{source.get('chart')} {source.get('targetRevision')}"
        lines.append(f"| {app.wave} | {app.cluster} | {app.name} | {place} |")
    return "\n".join([*lines, "", *_connecting(estate), *_backups(estate), *_secrets(estate)]) + "\n"


def _connecting(estate: Estate) -> list[str]:
    """How programs connect that are no part of the platform."""
    told = [line for part in estate.parts for line in part.engine.kubernetes.manual(part.site)]
    return ["## Programs that write topics", "", *told, ""] if told else []


def _backups(estate: Estate) -> list[str]:
    """What is copied, when and where to; what is not, and why."""
    sections = {cluster: backups.CONCERN.values(estate, cluster) for cluster in estate.clusters}
    copied = {
        name: (cluster, said) for cluster, section in sections.items() for name, said in section["backups"].items()
    }
    if not copied:
        return []
    lines = ["## Backups", "", "| What | Cluster | When (UTC) | Where |", "|---|---|---|---|"]
    for name, (cluster, said) in sorted(copied.items()):
        place = said["store"]["env"]["plain"]
        lines.append(f"| {name} | {cluster} | `{said['schedule']}` | `{place['BUCKET']}/{place['FOLDER']}` |")
    lines += ["", "Not copied:", ""]
    kept = next(iter(sections.values()))["notCopied"]
    lines += [f"- {title}: {why}." for title, why in sorted(kept.items())]
    return [*lines, ""]


def _secrets(estate: Estate) -> list[str]:
    """Which secrets must be brought, and how, in the way that the platform has chosen."""
    delivery = estate.checked.platform.delivery
    fetched = delivery.secrets == "external-secrets"
    needs: dict[str, SecretNeed] = {}
    for cluster in estate.clusters:
        for need in sorted(brought(estate, cluster), key=lambda one: bool(one.copies_of)):
            needs.setdefault(remote(estate, need) if fetched else origin(need), need)
    lines = ["## Secrets", ""]
    if fetched:
        lines += [
            "None is here. External Secrets fetches them from the places below, by the ClusterSecretStore",
            f"`{delivery.secret_store}`, which must exist on each cluster:",
            "",
        ]
    else:
        lines += [
            "None is here, not even sealed: only you have the values. Put each into `values/<secret>/<key>`, outside",
            "of Git, seal it with the certificate of the cluster it is for, and commit what `sealed/` then holds:",
            "",
        ]
    lines += ["| Secret | Keys | For |", "|---|---|---|"]
    lines += [f"| {place} | {', '.join(needs[place].keys)} | {needs[place].purpose} |" for place in sorted(needs)]
    if not fetched:
        for cluster in estate.clusters:
            if commands := sealing(estate, cluster):
                lines += ["", f"On {cluster}:", "", "```sh", f"mkdir -p sealed/{cluster}", *commands, "```"]
    return lines


def _recovery(estate: Estate) -> list[str]:
    """What may be lost and how long recovery may take, as it was said."""
    said = estate.checked.platform.backups
    if said is None:
        return []
    return [
        f"What may be lost: the last {said.rpo} (RPO). How long recovery may take: {said.rto} (RTO). The state of",
        f"clusters that Rancher provisioned is kept every {said.etcd.every}, {said.etcd.keep} times. No drill measured",
        "either yet.",
        "",
    ]
