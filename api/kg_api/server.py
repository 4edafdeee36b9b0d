"""Run the service until it is told to stop."""

import socket

import typer
import uvicorn
from pydantic import ValidationError

from kg.errors import ServiceError
from kg.project import Project
from kg.release import Release
from kg_api.app import create_app
from kg_api.settings import Settings


def serve(project: Project, release: Release, host: str, port: int) -> None:
    """Serve a release on `host` and `port` (0: a free one); raises ServiceError when that cannot be."""
    settings = _settings()
    with _bound(host, port) as listener:
        app = create_app(project, release, settings)
        config = uvicorn.Config(app, log_level="warning", server_header=False)
        address, actual = listener.getsockname()[:2]
        typer.echo(f"Spoorboek {release.version} on http://{f'[{address}]' if ':' in address else address}:{actual}/")
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
        raise ServiceError(f"cannot listen on {host} port {port}: {error.strerror}. Choose another --port.") from error
    return listener
