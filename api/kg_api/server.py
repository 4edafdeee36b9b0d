"""Run the service until it is told to stop."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import typer
import uvicorn
from pydantic import ValidationError

from kg.errors import ServiceError
from kg.project import Project
from kg.release import Release
from kg_api.app import create_app
from kg_api.settings import Settings


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket on `host` and `port` (0: a free one); raises ServiceError when that cannot be, or a setting is wrong.

    Made before anything that takes long, so that whoever asked for a taken port hears it at once.
    """
    _settings()
    with _bound(host, port) as listener:
        yield listener


def serve_release(project: Project, release: Release, listener: socket.socket) -> None:
    """Serve a release until the process is told to stop; requests that run then get ten seconds to finish."""
    app = create_app(project, release, _settings())
    config = uvicorn.Config(app, log_level="warning", server_header=False, timeout_graceful_shutdown=10)
    address, port = listener.getsockname()[:2]
    typer.echo(f"Spoorboek {release.version} on http://{f'[{address}]' if ':' in address else address}:{port}/")
    uvicorn.Server(config).run(sockets=[listener])


def _settings() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        wrong = "; ".join(
            f"KG_{item['loc'][0]}".upper() + f"={item['input']}: {item['msg']}" for item in error.errors()
        )
        raise ServiceError(f"wrong setting {wrong}. See docs/settings.md.") from error


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
