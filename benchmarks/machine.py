"""What the figures were measured on: the machine, the versions, the day."""

import importlib.metadata
import platform
from datetime import date
from pathlib import Path

import psutil

_PACKAGES = ("spoorboek", "pyoxigraph", "oxigraph", "rdflib", "rdflib-endpoint", "uvicorn")


def machine() -> dict[str, str]:
    """Name and value of each thing that a reader needs to compare the figures with others."""
    models = [line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    return {
        "date": date.today().isoformat(),
        "processor": f"{psutil.cpu_count()} x {models[0] if models else platform.processor()}",
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        "load before": f"{psutil.getloadavg()[0]:.2f}",
        "versions": ", ".join(f"{name} {version}" for name in _PACKAGES if (version := _version(name))),
    }


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).is_file() else []


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None
