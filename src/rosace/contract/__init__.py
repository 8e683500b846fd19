"""What an engine has to have, as types. Knows no engine, and not how anything is done.

An engine is a package `engines/<name>/` whose `__init__.py` holds `ENGINE = Engine(...)` (`engine.py`). Its other files
are found by name and imported only when used, so that `rosace check` never loads an engine's client:

  spec.py       the words users write under `engines: {<name>: ...}` (a closed pydantic model)
  versions.toml versions, end of life, artifacts with checksums, images, upstream charts
  settings.py   spec -> the engine's own configuration: pure, shared by every target
  local.py      `LOCAL: LocalRoom` -> memory, ports, capabilities, processes on this machine (`machine.py`)
  kubernetes.py `KUBERNETES: KubernetesRoom` -> values of a chart, peers, images, secrets (`cluster.py`)
  live.py       talks to the running engine (client library imported here only)
  health.py     readiness by the engine's own protocol: functions named by `Probe.entry`
  jobs.py       for engines that run jobs: `order(site, job)`; its driver, a `JobDriver`, is in live.py (`jobs.py`)
  sql.py        for engines that take SQL: `SPOKEN`, its dialect, words and types (`sql.py`)
  planner.py    for engines that take SQL: `PLANNER`, its own planner as the judge of statements (`planner.py`)
  exports.py    for engines that topics are exported to: `STORE`, an `ExportStore` (`exports.py`)
  changelog.py  for engines whose queries go on for ever: `Changelog` (`changelog.py`)

What a room of a cluster gives is typed beside: pods and whom they call (`workload.py`), images and upstream charts
(`operator.py`), what is watched (`monitoring.py`), what is copied (`backup.py`), what has to be brought (`needs.py`),
the shape of a chart's values (`values.py`). Files that are modules and not one value have their shapes in `parts.py`;
a room's own `parts.py` has the type checker hold its files against them. `registry.py` finds the engines.
"""
