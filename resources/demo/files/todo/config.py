"""Settings from the environment, checked before anything starts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

DEFAULT_PORT = 8000
DEFAULT_DATABASE = "todo.db"


class ConfigError(Exception):
    """A value in the environment is wrong; the message names the variable and says what it should be."""


@dataclass(frozen=True)
class Settings:
    """What the service needs to know before it starts. Port 0 lets the kernel choose."""

    port: int
    database: Path


def settings_from(environment: Mapping[str, str]) -> Settings:
    """Reads PORT and DATABASE; raises ConfigError instead of guessing."""
    port_text = environment.get("PORT", str(DEFAULT_PORT))
    if not (port_text.isascii() and port_text.isdigit()) or int(port_text) > 65535:
        raise ConfigError(f"PORT must be a whole number from 0 to 65535, not {port_text!r}")
    database = Path(environment.get("DATABASE") or DEFAULT_DATABASE)
    if not database.parent.is_dir():
        raise ConfigError(f"DATABASE names a file in {str(database.parent)!r}, and there is no such folder")
    if database.is_dir():
        raise ConfigError(f"DATABASE must name a file, and {str(database)!r} is a folder")
    return Settings(port=int(port_text), database=database)
