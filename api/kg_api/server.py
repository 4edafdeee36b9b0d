"""Run the service until it is told to stop."""

import math
import resource
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import typer
import uvicorn
from starlette.types import ASGIApp

from kg.errors import ServiceError
from kg.project import Project
from kg.publishing import publication
from kg.release import Release
from kg_api import ahead
from kg_api.app import create_app
from kg_api.connection import Bounded, Unread
from kg_api.metrics import Metrics
from kg_api.serving import Source
from kg_api.settings import Settings

# What the service has open beside the connections of its clients: stores, workers, files that are sent.
_OTHER_FILES = 500
_SWITCH_SECONDS = 0.0005
# What the service has to say goes to stderr; so do the lines of JSON about requests, by `request_log`.
_LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "%(levelname)s %(name)s: %(message)s"},
    },
    "handlers": {
        "plain": {"class": "logging.StreamHandler", "formatter": "plain"},
    },
    "loggers": {
        "uvicorn": {"handlers": ["plain"], "propagate": False},
        "kg_api": {"handlers": ["plain"], "propagate": False},
    },
}


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket on `host` and `port` (0: a free one).

    Raises ServiceError when that cannot be, and SettingsError for a wrong setting.
    Made before anything that takes long, so that whoever asked for a taken port hears it at once.
    """
    publication.read(Settings)
    with _bound(host, port) as listener:
        yield listener


def serve(project: Project, find: Callable[[], Source], listener: socket.socket) -> None:
    """Serve what `find` gives until the process is told to stop; queries that run then get their time to finish."""
    settings = publication.read(Settings)
    found = find()
    if not isinstance(found, Release):
        # What is behind another server may change at any time, and so may an answer.
        settings = settings.model_copy(update={"cache_bytes": 0})
    allow_files(settings.connections + _OTHER_FILES)
    metrics = Metrics()
    app = create_app(project, find, settings, metrics, ahead.read)
    config = configured(app, settings, metrics, _LOGGING)
    config.timeout_graceful_shutdown = math.ceil(settings.quick_seconds + settings.query_seconds)
    # A thread that computes leaves the others, that which reads the requests too, a tenth of the usual time to wait.
    sys.setswitchinterval(_SWITCH_SECONDS)
    address, port = listener.getsockname()[:2]
    words = f"Spoorboek {found.version} on http://{f'[{address}]' if ':' in address else address}:{port}/"
    _Announced(config, words).run(sockets=[listener])


class _Announced(uvicorn.Server):
    """A server that says where it is once it answers."""

    def __init__(self, config: uvicorn.Config, words: str) -> None:
        super().__init__(config)
        self._words = words

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Open up."""
        await super().startup(sockets)
        if not self.should_exit:
            typer.echo(self._words)


def allow_files(number: int) -> None:
    """Let this process have so many files and connections open, or as many as the system allows at most.

    Many systems begin with 1,024 of them, and a connection beyond that is cut off without an answer.
    """
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = number if most == resource.RLIM_INFINITY else min(number, most)
    if wanted > now != resource.RLIM_INFINITY:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def configured(
    app: ASGIApp, settings: Settings, metrics: Metrics, logging: dict[str, Any] | None = None
) -> uvicorn.Config:
    """How uvicorn serves the app within the limits of the settings; `logging` is set for the whole process."""
    unread = Unread(settings.unread_bytes)
    return uvicorn.Config(
        app,
        http=partial(Bounded, settings=settings, metrics=metrics, unread=unread),
        ws="none",
        log_config=logging,
        # It warns of whatever visitors do wrong, which is counted.
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=[str(proxy) for proxy in settings.trusted_proxies],
    )


def _bound(host: str, port: int) -> socket.socket:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen()
    except OSError as error:
        raise ServiceError(
            f"cannot listen on {host} port {port}: {error.strerror}. Choose another --host or --port."
        ) from error
    return listener
