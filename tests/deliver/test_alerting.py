"""Rules, panels and routes, judged by the real programs: promtool and amtool, with series that tell a story."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from compiled import EXAMPLES, example, objects
from monitored import groups, own_words, panels, rule_file, run
from test_watching import watched

from rosace.deliver.build import Built

BUILDS = {"watched": watched} | {name: partial(example, name) for name in EXAMPLES}


@pytest.fixture(params=BUILDS)
def built(request: pytest.FixtureRequest) -> Built:
    """A small platform, and the examples with all engines that this installation has."""
    return BUILDS[request.param]()


def test_prometheus_takes_every_rule(built: Built, tmp_path: Path) -> None:
    done = run("promtool", "check", "rules", rule_file(tmp_path, groups(objects(built))))
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_panel_asks_something_that_can_be_asked(built: Built, tmp_path: Path) -> None:
    """promtool reads no expression alone: each becomes a recording rule."""
    asked = [(board, title, expr) for board, drawn in panels(objects(built)).items() for title, expr in drawn.items()]
    records = [{"record": f"panel_{number}", "expr": expr} for number, (_, _, expr) in enumerate(asked)]
    done = run("promtool", "check", "rules", rule_file(tmp_path, {"all": [{"name": "all", "rules": records}]}))
    assert done.returncode == 0, f"{asked}\n{done.stdout}{done.stderr}"


def test_alertmanager_takes_its_configuration(tmp_path: Path) -> None:
    done = run("amtool", "check-config", _alertmanager(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "5 receivers" in done.stdout


def test_the_judge_is_of_the_version_that_is_deployed() -> None:
    from clustertools.pins import pin

    versions = {one["spec"]["version"] for one in objects(watched()) if one["kind"] == "Alertmanager"}
    assert versions == {f"v{pin('amtool').version}"}


@pytest.mark.parametrize(
    ("severity", "heard"),
    [
        ("critical", "data-engineers,night,robot"),
        ("warning", "data-engineers,office,robot"),
        ("info", "office"),
        ("none", "nobody"),
    ],
)
def test_alerts_reach_those_who_want_them(severity: str, heard: str, tmp_path: Path) -> None:
    config = _alertmanager(tmp_path)
    done = run("amtool", "config", "routes", "test", "--config.file", config, f"severity={severity}")
    assert done.stdout.strip() == heard, done.stderr


STORIES: dict[str, tuple[dict[str, str], str, dict[str, str]]] = {
    "a reader two minutes behind is said to be": (
        {
            'kafka_consumergroup_lag{consumergroup="rosace",topic="transactions",partition="0"}': "601x40",
            'kafka_consumergroup_lag{consumergroup="rosace",topic="transactions",partition="1"}': "601x40",
            'kafka_topic_partition_current_offset{topic="transactions",partition="0"}': "0+75x40",
            'kafka_topic_partition_current_offset{topic="transactions",partition="1"}': "0+75x40",
        },
        "TransactionsLag",
        {"consumergroup": "rosace", "topic": "transactions", "severity": "critical"},
    ),
    "a reader half a minute behind is not": (
        {
            'kafka_consumergroup_lag{consumergroup="rosace",topic="transactions",partition="0"}': "151x40",
            'kafka_topic_partition_current_offset{topic="transactions",partition="0"}': "0+75x40",
        },
        "TransactionsLag",
        {},
    ),
    "a reader that stands still when nothing is written any more is": (
        {
            'kafka_consumergroup_lag{consumergroup="rosace",topic="transactions",partition="0"}': "40x40",
            'kafka_topic_partition_current_offset{topic="transactions",partition="0"}': "900x40",
        },
        "TransactionsLag",
        {"consumergroup": "rosace", "topic": "transactions", "severity": "critical"},
    ),
    "the marker of a transaction at the end of a topic at rest is nothing unread": (
        {
            'kafka_consumergroup_lag{consumergroup="rosace",topic="transactions",partition="0"}': "1x40",
            'kafka_consumergroup_lag{consumergroup="rosace",topic="transactions",partition="1"}': "1x40",
            'kafka_topic_partition_current_offset{topic="transactions",partition="0"}': "900x40",
            'kafka_topic_partition_current_offset{topic="transactions",partition="1"}': "900x40",
        },
        "TransactionsLag",
        {},
    ),
    "another topic is no business of this alert": (
        {
            'kafka_consumergroup_lag{consumergroup="rosace",topic="other",partition="0"}': "9000x40",
            'kafka_topic_partition_current_offset{topic="other",partition="0"}': "0+15x40",
        },
        "TransactionsLag",
        {},
    ),
    "copies that are missing for ten minutes are alarming": (
        {'kafka_server_replicamanager_underreplicatedpartitions{pod="kafka-broker-0"}': "3x60"},
        "KafkaUnderReplicatedPartitions",
        {"severity": "critical"},
    ),
    "copies that are missing while a broker restarts are not": (
        {'kafka_server_replicamanager_underreplicatedpartitions{pod="kafka-broker-0"}': "0x20 3x12 0x28"},
        "KafkaUnderReplicatedPartitions",
        {},
    ),
    "a stream whose driver failed is, though it is started again": (
        {
            'kube_pod_status_phase{namespace="spark",pod="land-driver",phase="Failed"}': "0x20 1x2 0x20",
            'kube_pod_status_phase{namespace="spark",pod="land-driver",phase="Running"}': "1x20 0x2 1x20",
        },
        "SparkJobFailed",
        {"namespace": "spark", "pod": "land-driver", "severity": "critical"},
    ),
    "the first failure since the operator started is": (
        {'spark_application_failure_count{namespace="spark-operator",pod="controller"}': "_x20 1x20"},
        "SparkJobFailed",
        {"namespace": "spark-operator", "pod": "controller", "severity": "critical"},
    ),
    "a failure of long ago is not": (
        {'spark_application_failure_count{namespace="spark-operator",pod="controller"}': "1x200"},
        "SparkJobFailed",
        {},
    ),
    "a node that is away is": (
        {'kube_node_status_condition{node="n1",condition="Ready",status="true"}': "1x10 0x50"},
        "NodeNotReady",
        {"node": "n1", "severity": "critical"},
    ),
    "nodes that are there are not": (
        {'kube_node_status_condition{node="n1",condition="Ready",status="true"}': "1x60"},
        "NodeNotReady",
        {},
    ),
    "pods that do not answer are": (
        {
            'up{namespace="kafka",job="kafka",pod="a"}': "1x60",
            'up{namespace="kafka",job="kafka",pod="b"}': "0x60",
        },
        "TargetDown",
        {"namespace": "kafka", "job": "kafka", "severity": "warning"},
    ),
}


@pytest.mark.parametrize("story", STORIES)
def test_alerts_are_loud_when_they_should_be(story: str, tmp_path: Path) -> None:
    """A sample every 15 seconds; the alert is looked for at the last one. `promtool test rules` decides."""
    series, alert, labels = STORIES[story]
    said = groups(objects(example("vision360") if alert.startswith("Spark") else watched()))
    rules = rule_file(tmp_path, said)
    (rule,) = [one for group in said.values() for one in group[0]["rules"] if one["alert"] == alert]
    loud = [{"exp_labels": {"engine": rule["labels"]["engine"], **labels}, "exp_annotations": _filled(rule, labels)}]
    test: dict[str, Any] = {
        "rule_files": [str(rules)],
        "evaluation_interval": "15s",
        "tests": [
            {
                "interval": "15s",
                "input_series": [{"series": name, "values": values} for name, values in series.items()],
                "alert_rule_test": [
                    {"eval_time": _when(series), "alertname": alert, "exp_alerts": loud if labels else []}
                ],
            }
        ],
    }
    path = tmp_path / "test.yaml"
    path.write_text(json.dumps(test), encoding="utf-8")
    done = run("promtool", "test", "rules", path)
    assert done.returncode == 0, f"{story}:\n{done.stdout}{done.stderr}"


def _when(series: dict[str, str]) -> str:
    """The last moment that the series tell of: `0x20 3x12` are 21 and 13 samples."""
    counts = (sum(int(part.rpartition("x")[2]) + 1 for part in values.split()) - 1 for values in series.values())
    return f"{15 * min(counts)}s"


def _filled(rule: dict[str, Any], labels: dict[str, str]) -> dict[str, str]:
    found = dict(rule["annotations"])
    for name, value in labels.items():
        found = {key: text.replace(f"{{{{ $labels.{name} }}}}", value) for key, text in found.items()}
    return found


def _alertmanager(folder: Path) -> Path:
    """Alertmanager's own file as the operator makes it of the resource.

    The operator writes the values of secrets into it; here, which has none, files stand for them.
    """
    spec, *_ = [one["spec"] for one in objects(watched()) if one["kind"] == "AlertmanagerConfig"]
    path = folder / "alertmanager.yaml"
    path.write_text(json.dumps(own_words(spec)), encoding="utf-8")
    return path
