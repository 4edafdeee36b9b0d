"""What is being served now, and the change to a newer release while requests run."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Protocol

import pyoxigraph as ox
from fastapi import Request

from kg import release as releases
from kg import turtle
from kg.project import Project
from kg.release import Release, hold
from kg.store import open_store
from kg_api.gate import Gate
from kg_api.metrics import Metrics
from kg_api.questions import Questions
from kg_api.settings import Settings

_log = logging.getLogger("kg_api")
_LAST_REQUESTS_SECONDS = 0.2
_LONGEST_PAUSE = 300
_AHEAD_SECONDS = 1


class Source(Protocol):
    """What can be served: a `kg.release.Release`, or a `kg.remote.RemoteRelease`."""

    place: str
    version: str
    manifest: dict


class Serving:
    """One release, opened: our own questions on it, and the gate for those of visitors.

    Nothing removes a release from disk before `close`.
    """

    def __init__(self, project: Project, release: Source, settings: Settings, metrics: Metrics) -> None:
        with ExitStack() as opened:
            if isinstance(release, Release):
                opened.enter_context(hold(release))
            self.manifest = manifest = release.manifest
            self.version = release.version
            self.folder = release.folder.parent if isinstance(release, Release) else None
            self.triples: int = manifest["distinctTriples"]
            self.own_folder = release.folder if isinstance(release, Release) else None
            self.files: Mapping[str, Mapping[str, int | str]] = manifest.get("files", {}) if self.own_folder else {}
            self.graphs: Mapping[str, int] = manifest["graphs"]
            self.questions = Questions(project, open_store(release.place), settings.cache_bytes)
            self.search = release.search if isinstance(release, Release) and release.search.is_file() else None
            self.uitgave = next(iter(self.questions.rows("uitgave")), None)
            in_memory = isinstance(release, Release) and self.triples <= settings.memory_triples
            self.gate = Gate(release.place, settings, metrics, in_memory=in_memory)
            opened.callback(self.gate.close)
            self.is_closed = False
            self._opened = opened.pop_all()
        metrics.releases.inc()

    def said_in(self, name: str) -> list[ox.Triple]:
        """A file of the release with RDF in it, read once; nothing when the release has no such file."""
        return self.questions.kept(name, lambda: turtle.read(self.own_folder / name)) if name in self.files else []

    def manifests(self) -> Mapping[str, dict]:
        """The manifest of every release that is there by its version, the one that was made last first."""
        found = releases.manifests(self.folder) if self.folder else {}
        return found if self.version in found else {self.version: self.manifest, **found}

    async def retire(self) -> None:
        """Close when the requests that still use it are answered."""
        await asyncio.sleep(_LAST_REQUESTS_SECONDS)
        while not self.gate.is_idle:
            await asyncio.sleep(_LAST_REQUESTS_SECONDS)
        self.close()

    def close(self) -> None:
        """Stop the workers and let go of the release."""
        self.is_closed = True
        self._opened.close()


@dataclass
class Current:
    """The release that new requests get; `find` says which one that should be.

    `prepare` reads ahead what the first visitors would wait for, and is run in a thread of its own.
    """

    project: Project
    settings: Settings
    metrics: Metrics
    find: Callable[[], Source]
    prepare: Callable[[Serving], None] = lambda _: None

    def __post_init__(self) -> None:
        self.serving = self._open(self.find())
        self.metrics.watch(lambda: self.serving.gate.lanes)
        self._pause = self.settings.release_seconds
        self._retiring: dict[asyncio.Task[None], Serving] = {}

    def _open(self, release: Source) -> Serving:
        return Serving(self.project, release, self.settings, self.metrics)

    async def open(self) -> None:
        """Read ahead before the first visitor comes in; what takes longer than a moment goes on meanwhile."""
        self._ahead = asyncio.create_task(self._prepare(self.serving))
        await asyncio.wait([self._ahead], timeout=_AHEAD_SECONDS)

    async def follow(self) -> None:
        """Look for a newer release for as long as the service runs, and change over when there is one."""
        while True:
            await asyncio.sleep(self._pause)
            self._retiring = {task: served for task, served in self._retiring.items() if not task.done()}
            try:
                newest = self.find()
                if newest.version != self.serving.version:
                    before = await self._change(newest)
                    self._retiring[asyncio.create_task(before.retire())] = before
                self._pause = self.settings.release_seconds
            except Exception:
                # Whatever is wrong with it, the release that is served now goes on; looked at again later and later.
                self._pause = min(2 * self._pause, _LONGEST_PAUSE)
                _log.exception("the newest release cannot be served")

    def close(self) -> None:
        """Close what is served, and what still was."""
        for task, served in self._retiring.items():
            task.cancel()
            served.close()
        self.serving.close()

    async def _prepare(self, served: Serving) -> None:
        try:
            await asyncio.to_thread(self.prepare, served)
        except Exception:
            # Nothing depends on it: the first visitor waits a little longer, or hears what is wrong.
            _log.exception("could not read ahead")

    async def _change(self, newest: Source) -> Serving:
        """Give new requests the newest release; returns the one before."""
        fresh = await asyncio.to_thread(self._open, newest)
        try:
            await fresh.gate.wait_until_ready()
            await self._prepare(fresh)
        except BaseException:
            fresh.close()
            raise
        before, self.serving = self.serving, fresh
        _log.warning("now serving release %s", fresh.version)
        return before


def serving(request: Request) -> Serving:
    """What this request is answered from."""
    return request.app.state.current.serving


def root(request: Request) -> str:
    """The address of the service, with a slash at the end: that in the settings, else the one this request went to.

    Where the Host header is no name of a host, Starlette takes the address of the socket.
    """
    return str(request.app.state.current.settings.public_url or request.base_url).rstrip("/") + "/"
