"""What the service counts, for Prometheus."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from prometheus_client.core import Metric

    from kg_api.gate import Lane

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The counters of one service, in a registry of their own so that two services in a process do not mix."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._seconds = Histogram(
            "kg_request_seconds",
            "Time to answer a request",
            ["family", "status"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self.refusals = self._counter(
            "kg_query_refusals", "Requests that were refused, and connections that were cut off", "reason"
        )
        self.timeouts = self._counter("kg_query_timeouts", "Queries that ran out of time")
        self.slow = self._counter("kg_query_slow", "Queries that went to the slow lane")
        self.shared = self._counter("kg_query_shared", "Queries that got the answer to the same one asked just before")
        self.cache_hits = self._counter("kg_cache_hits", "Answers that were kept from before")
        self.cache_misses = self._counter("kg_cache_misses", "Answers that had to be worked out")
        self.worker_restarts = self._counter("kg_worker_restarts", "Workers that were stopped or died", "cause")
        self.releases = self._counter("kg_releases_opened", "Releases opened since the start")

    def _counter(self, name: str, description: str, *labels: str) -> Counter:
        return Counter(name, description, labels, registry=self._registry)

    @cache  # noqa: B019  (there are as many as there are families and statuses)
    def timed(self, family: str, status: int) -> Histogram:
        """What times the requests to a family of paths that end with a status."""
        return self._seconds.labels(family, status)

    def watch(self, lanes: Callable[[], Iterable["Lane"]]) -> None:
        """Tell from now on how busy the lanes are."""
        self._registry.register(_Lanes(lanes))

    def text(self) -> bytes:
        """All of them in the text format of Prometheus."""
        return generate_latest(self._registry)


class _Lanes(Collector):
    """How busy the lanes are at the moment of asking."""

    def __init__(self, lanes: Callable[[], Iterable["Lane"]]) -> None:
        self._lanes = lanes

    def collect(self) -> Iterator["Metric"]:
        """The gauges."""
        workers = GaugeMetricFamily("kg_lane_workers", "Workers of a lane", labels=["lane", "state"])
        waiting = GaugeMetricFamily("kg_lane_waiting", "Queries that wait for a worker", labels=["lane"])
        for lane in self._lanes():
            busy = lane.pool.busy
            workers.add_metric([lane.name, "busy"], busy)
            workers.add_metric([lane.name, "free"], lane.pool.size - busy)
            waiting.add_metric([lane.name], max(0, lane.waiting - busy))
        yield workers
        yield waiting
