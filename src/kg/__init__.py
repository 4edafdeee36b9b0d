"""Spoorboek: the digital agenda of the Dutch government as a knowledge graph. The library knows nothing about HTTP."""

from importlib.metadata import version

__version__ = version("spoorboek")
