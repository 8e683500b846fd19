"""How long a platform on clusters may be down without losing or doubling a record, and what follows for transactions.

Comes in: the words of the platform. Goes out: times. A job that was down comes back to its last checkpoint and commits
what it had written until then: the transactions of Kafka that it left open have to be open still.
"""

from __future__ import annotations

from functools import cache

from rosace.model.cluster_words import Backups
from rosace.model.platform import Job, Platform
from rosace.model.quantity import Duration

PATIENCE = Duration(600)
"""How long a checkpoint may take on clusters before it is given up."""

TOLERATED = 2
"""How many checkpoints in a row may be given up on clusters before a job begins again from the last that was not."""

LONGEST = Duration((2**31 - 1) // 1000)
"""The longest that a transaction of Kafka can stay open: its settings are 32 bits of milliseconds (org.apache.kafka.
coordinator.transaction.TransactionStateManagerConfig, ProducerConfig; ConfigDef.Type.INT, Kafka 4.1)."""


def survived(platform: Platform) -> Duration:
    """The outage after which all goes on exactly once: as long as recovery may take, `backups.rto`."""
    return platform.backups.rto if platform.backups else _usual()


@cache
def _usual() -> Duration:
    return Backups.model_construct().rto


def transaction(platform: Platform, job: Job) -> Duration:
    """How long a transaction of a job may have to stay open: begun after one checkpoint, it waits for the next that is
    not given up, and then for as long as an outage takes."""
    return Duration(survived(platform) + (1 + TOLERATED) * (platform.commits(job) + PATIENCE))


def longest(platform: Platform) -> Duration:
    """The longest of all jobs that write as they read."""
    return max((transaction(platform, job) for job in platform.jobs.values() if not job.batch), default=Duration(900))
