"""`rosace place`: on which cluster each job runs and each topic lives, and why."""

from __future__ import annotations

from rosace.cli.options import Output, Where


def place(*, where: Where | None = None, output: Output = "table") -> int:
    """Say where each job runs and each topic lives, why, and what spoke against the other clusters.

    A job runs where its `cluster` says; else on the one that runs its engine; of several, on the one where most of what
    it reads lies, then in its region, then with its provider, then where fewest jobs run. A topic lives beside the job
    that writes it, and is copied to each cluster with a Kafka of its own where somebody reads it.

    Examples:
      rosace place -C examples/clouds --env prod
      rosace place --env prod --output json
    """
    from rosace.cli.failures import say
    from rosace.cli.options import checked
    from rosace.cli.tables import emit
    from rosace.observe.places import places

    platform = checked(where or Where())
    if platform.platform.target == "local":
        say("no clusters are named, so everything runs on this machine: `--env prod` adds env/prod.yaml")
        if output == "table":
            return 0
    emit(places(platform), [(name, name.upper()) for name in ("what", "name", "cluster", "why", "others")], output)
    return 0
