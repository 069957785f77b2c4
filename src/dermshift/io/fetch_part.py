"""The unfinished file of a download, and when it may be continued."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CONTENT_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18}|\*)")
VALIDATORS = ("etag", "last_modified")


@dataclass(frozen=True)
class Version:
    """Which version of a file a server sends, as far as it says so."""

    address: str
    etag: str = ""
    last_modified: str = ""

    @classmethod
    def of(cls, address: str, headers: Mapping[str, str]) -> Version:
        """Read the version from the headers of an answer; `address` is the one that was asked for."""
        return cls(address, headers.get("ETag", ""), headers.get("Last-Modified", ""))

    @property
    def condition(self) -> str:
        """Value of ``If-Range`` (RFC 9110, 13.1.5): a weak ETag does not promise the same bytes."""
        return self.etag if self.etag and not self.etag.startswith("W/") else self.last_modified

    def contradicts(self, other: Version) -> bool:
        """Say whether both name a validator and differ in it."""
        pairs = [(getattr(self, name), getattr(other, name)) for name in VALIDATORS]
        return any(mine and theirs and mine != theirs for mine, theirs in pairs)


@dataclass(frozen=True)
class Part:
    """The bytes received so far, with the version they belong to in a file beside them."""

    path: Path

    @property
    def notes(self) -> Path:
        """File that names the version."""
        return self.path.with_name(f"{self.path.name}.json")

    @property
    def size(self) -> int:
        """Bytes received so far."""
        return self.path.stat().st_size if self.path.is_file() else 0

    def version(self, address: str) -> Version | None:
        """Return the version the bytes belong to; None if they cannot be continued from `address`."""
        try:
            version = Version(**json.loads(self.notes.read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        return version if version.address == address and version.condition and self.size else None

    def begin(self, version: Version) -> None:
        """Forget all bytes and start on those of `version`."""
        self.path.write_bytes(b"")
        self.notes.write_text(json.dumps(asdict(version)), "utf-8")

    def drop(self) -> None:
        """Remove the bytes."""
        self.notes.unlink(missing_ok=True)
        self.path.unlink(missing_ok=True)

    def asking(self, address: str) -> dict[str, str]:
        """Return the headers that ask for the rest only, and for everything if the file has changed."""
        version = self.version(address)
        return {"Range": f"bytes={self.size}-", "If-Range": version.condition} if version else {}

    def continues(self, address: str, headers: Mapping[str, str]) -> bool:
        """Say whether the body of a 206 answer belongs right after the bytes so far."""
        version = self.version(address)
        place = CONTENT_RANGE.fullmatch(headers.get("Content-Range", ""))
        if version is None or place is None or int(place[1]) != self.size:
            return False
        return not version.contradicts(Version.of(address, headers))


def whole_size(status: int, headers: Mapping[str, str]) -> int | None:
    """Return the size of the whole file as the answer states it, None where it does not."""
    place = CONTENT_RANGE.fullmatch(headers.get("Content-Range", ""))
    text = (place[3] if place else "") if status == 206 else headers.get("Content-Length", "")
    return int(text) if text.isdecimal() and len(text) <= 18 else None
