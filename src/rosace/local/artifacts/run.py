"""One run of fetching: downloaders take jobs, and hand archives to unpackers."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from filelock import FileLock, Timeout

from rosace.contract.artifacts import Artifact, ArtifactError
from rosace.kit.backoff import Backoff
from rosace.local.artifacts.cache import Cache
from rosace.local.artifacts.download import PartFile, Stop
from rosace.local.artifacts.errors import disk_error
from rosace.local.artifacts.events import Done, Failed, FetchEvent, Progress, Started, Unpacking
from rosace.local.artifacts.obtain import Sources, obtain
from rosace.local.artifacts.space import require_space
from rosace.local.artifacts.transport import PATIENCE

# Inflating is bound by the processor, and the machine is also downloading.
_UNPACKERS = 2
_SHOWN = 5
# When several things went wrong, the one to tell first.
_SEVERITY = (
    "disk-full",
    "cache-unwritable",
    "artifact-settings",
    "artifact-trust",
    "artifact-mismatch",
    "artifact-corrupt",
    "artifact-unsafe",
    "artifact-unpack",
)


@dataclass(slots=True)
class _Job:
    """One download, and every artifact that is made of it."""

    artifacts: list[Artifact]
    lock: FileLock
    began: float = 0.0

    @property
    def archive(self) -> Artifact:
        return self.artifacts[0]


@dataclass(slots=True)
class _Failures:
    told: list[tuple[Artifact, ArtifactError]] = field(default_factory=list[tuple[Artifact, ArtifactError]])
    unforeseen: BaseException | None = None


class Run:
    """One call of :func:`fetch`: downloaders take jobs, and hand archives to unpackers."""

    def __init__(
        self,
        absent: list[Artifact],
        cache: Cache,
        on_event: Callable[[FetchEvent], None],
        cancel: threading.Event | None,
        patience: Backoff | None,
    ) -> None:
        self._absent = absent
        self._cache = cache
        self._on_event = on_event
        self._stop = Stop(cancel)
        self._sources = Sources(patience or PATIENCE, self._stop)
        self._started = time.monotonic()
        self._had: set[Artifact] = set()
        self._telling = threading.Lock()
        self._failures = _Failures()
        self._jobs = deque(self._grouped(absent))

    def go(self, parallel: int) -> None:
        """Do the work; on return everything is in the cache and no thread is left.

        Raises:
            ArtifactError: for the gravest failure.
        """
        require_space(self._absent, self._cache, parallel)
        with ThreadPoolExecutor(_UNPACKERS) as self._unpackers:
            try:
                with ThreadPoolExecutor(parallel) as downloaders:
                    workers = [downloaders.submit(self._work) for _ in range(parallel)]
                    self._await(workers)
            except BaseException:
                self._stop.set()
                raise
        self._conclude()

    def _await(self, workers: list[Future[None]]) -> None:
        try:
            for worker in workers:
                worker.result()
        except BaseException:
            # An interrupt reaches this thread only; the workers must hear of it.
            self._stop.set()
            raise

    def _grouped(self, absent: list[Artifact]) -> list[_Job]:
        groups: dict[str, list[Artifact]] = {}
        for artifact in absent:
            groups.setdefault(artifact.sha256, []).append(artifact)
        # Large ones first, so that the last one to end is not also the last to begin.
        order = sorted(groups.values(), key=lambda group: -group[0].size)
        return [_Job(group, self._cache.lock(group[0])) for group in order]

    def _work(self) -> None:
        while not self._failures.told and not self._stop.wished():
            try:
                job = self._jobs.popleft()
            except IndexError:
                return
            try:
                job.lock.acquire(timeout=0)
            except Timeout:
                self._jobs.append(job)
                self._rest()
                continue
            except OSError as error:
                self._fail(job.archive, disk_error(error, self._cache.root))
                return
            self._guarded(job, self._download)

    def _rest(self) -> None:
        # Another process has the job; what it leaves undone is done here.
        time.sleep(0.1)

    def _guarded(self, job: _Job, step: Callable[[_Job], bool]) -> None:
        """Take a step; the job's lock is released unless the step handed it on."""
        handed_on = False
        try:
            handed_on = step(job)
        except ArtifactError as error:
            self._fail(job.archive, error)
        except OSError as error:
            self._fail(job.archive, disk_error(error, self._cache.root))
        except BaseException as error:
            self._failures.unforeseen = error
            self._stop.set()
        finally:
            if not handed_on:
                job.lock.release()

    def _download(self, job: _Job) -> bool:
        job.began = time.monotonic()
        job.artifacts = self._still_absent(job)
        if not job.artifacts:
            return False
        self._stop.check()
        artifact = job.archive
        with PartFile(self._cache.part(artifact)) as part:
            self._tell(Started(artifact, part.size))
            try:
                obtain(artifact, part, self._sources, self._progress_of(artifact), self._stop)
            finally:
                if part.size == 0:
                    part.path.unlink(missing_ok=True)
        if any(one.unpack for one in job.artifacts):
            self._unpackers.submit(self._guarded, job, self._unpack)
            return True
        return self._finish(job)

    def _unpack(self, job: _Job) -> bool:
        part = self._cache.part(job.archive)
        for artifact in job.artifacts:
            if artifact.unpack is not None and not self._cache.verify(artifact).whole:
                self._tell(Unpacking(artifact))
                self._cache.keep_tree(artifact, part, self._stop.check)
        return self._finish(job)

    def _finish(self, job: _Job) -> bool:
        part = self._cache.part(job.archive)
        for artifact in job.artifacts:
            if artifact.unpack is None and not self._cache.verify(artifact).whole:
                self._cache.keep_file(artifact, part)
            self._done(artifact, job.began, cached=False)
        part.unlink(missing_ok=True)
        return False

    def _still_absent(self, job: _Job) -> list[Artifact]:
        absent: list[Artifact] = []
        for artifact in job.artifacts:
            if self._cache.verify(artifact).whole:
                self._done(artifact, self._started, cached=True)
            else:
                absent.append(artifact)
        return absent

    def _done(self, artifact: Artifact, began: float, *, cached: bool) -> None:
        self._had.add(artifact)
        self._tell(Done(artifact, time.monotonic() - began, cached=cached))

    def _progress_of(self, artifact: Artifact) -> Callable[[int], None]:
        return lambda done: self._tell(Progress(artifact, done, artifact.size))

    def _fail(self, artifact: Artifact, error: ArtifactError) -> None:
        self._stop.set()
        if error.code != "artifact-cancelled":
            self._failures.told.append((artifact, error))
            self._tell(Failed(artifact, error.message))

    def _tell(self, event: FetchEvent) -> None:
        with self._telling:
            self._on_event(event)

    def _conclude(self) -> None:
        if self._failures.unforeseen is not None:
            raise self._failures.unforeseen
        if self._failures.told:
            others = [one for one in self._absent if one not in self._had]
            raise _gravest(self._failures.told, others)
        self._stop.check()


def _gravest(told: list[tuple[Artifact, ArtifactError]], lacking: list[Artifact]) -> ArtifactError:
    def rank(one: tuple[Artifact, ArtifactError]) -> int:
        code = one[1].code
        return _SEVERITY.index(code) if code in _SEVERITY else len(_SEVERITY)

    first = min(told, key=rank)[1]
    if len(lacking) < 2:
        return first
    failed = [artifact for artifact, _ in sorted(told, key=rank)]
    names = [one.coordinate for one in dict.fromkeys([*failed, *lacking])]
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    listed = ", ".join(names[:_SHOWN])
    return ArtifactError(first.code, f"{first.message} Still missing: {listed}{more}.", first.hint)
