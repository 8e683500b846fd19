"""Every pod that a list of objects asks for, and whether it keeps the Pod Security Standard *restricted*.

Comes in: objects as plain dicts. Goes out: their pod templates, or the rules they break, as "Kind/name: path: message".
For kinds of operators a template holds what the object says and no default of the operator: what is not written is
not there. The whole list comes in at once, since a KafkaNodePool takes over the template of its Kafka.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from operator_pods import OPERATORS
from pod_security import broken_rules
from pod_template import Manifest, PodTemplate, of_template, title

WORKLOADS = {
    ("", "PodTemplate"): "template",
    ("", "ReplicationController"): "spec.template",
    ("apps", "DaemonSet"): "spec.template",
    ("apps", "Deployment"): "spec.template",
    ("apps", "ReplicaSet"): "spec.template",
    ("apps", "StatefulSet"): "spec.template",
    ("batch", "CronJob"): "spec.jobTemplate.spec.template",
    ("batch", "Job"): "spec.template",
}


def pod_templates(objects: Iterable[Manifest]) -> list[PodTemplate]:
    """Every pod that the objects ask for. A kind nobody knows is searched for anything with `containers`."""
    everything = list(unfolded(objects))
    return [template for one in everything for template in _templates_of(one, everything)]


def restricted(objects: Iterable[Manifest]) -> list[str]:
    """What breaks *restricted*, as "Kind/name: path: message". Empty: every pod would be let in."""
    found = [
        f"{template.owner}: {template.place(path)}: {message}"
        for template in pod_templates(objects)
        for path, message in broken_rules(template.spec, template.annotations)
    ]
    # Two pods that share a template would say the same twice.
    return list(dict.fromkeys(found))


def unfolded(objects: Iterable[Manifest]) -> Iterator[Manifest]:
    """The objects, with those of a List one by one."""
    for one in objects:
        if str(one.get("kind", "")).endswith("List") and isinstance(one.get("items"), list):
            yield from unfolded(one["items"])
        else:
            yield one


def _templates_of(one: Manifest, everything: Sequence[Manifest]) -> Iterator[PodTemplate]:
    group = str(one.get("apiVersion", "")).rpartition("/")[0]
    kind = (group, str(one.get("kind", "")))
    if kind == ("", "Pod"):
        yield of_template(one, "", one)
    elif path := WORKLOADS.get(kind):
        found: Manifest = one
        for part in path.split("."):
            found = found.get(part) or {}
        yield of_template(one, path, found)
    elif known := OPERATORS.get(kind):
        yield from known(one, everything)
    else:
        yield from _searched(one, one, "")


def _searched(owner: Manifest, value: object, path: str) -> Iterator[PodTemplate]:
    """Whatever looks like a pod spec, anywhere in an object of a kind that nobody described."""
    if isinstance(value, dict):
        listed = value.get("containers")
        if isinstance(listed, list) and listed and all(isinstance(part, dict) for part in listed):
            yield PodTemplate(title(owner), value, {}, {"": path})
            return
        for key, part in value.items():
            yield from _searched(owner, part, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from _searched(owner, part, f"{path}[{number}]")
