"""The configuration: one closed schema, read from YAML as text."""

from __future__ import annotations

from dermshift.config.read import read_config
from dermshift.config.schema import Config

__all__ = ["Config", "read_config"]
