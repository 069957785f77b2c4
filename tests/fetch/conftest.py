"""A real server on this machine that serves files well or badly, and nothing that reaches further."""

from __future__ import annotations

import gzip
import random
import re
import socket
import struct
import sys
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from dermshift.cli import main
from dermshift.io import geo_cache

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass
class Mirror:
    """A server; `behaviours` are used up one per request, then files are served as they should be."""

    files: dict[str, bytes] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=lambda: {"ETag": '"one"'})
    behaviours: list[Callable[[Answer], None]] = field(default_factory=list)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)
    address: str = ""

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.requests]

    def ranges(self) -> list[str | None]:
        return [headers.get("Range") for _, headers in self.requests]


class Answer(BaseHTTPRequestHandler):
    """One answer; HTTP/1.0, so that the connection ends with it."""

    mirror: Mirror

    def do_GET(self) -> None:
        self.mirror.requests.append((self.path, dict(self.headers)))
        behave = self.mirror.behaviours.pop(0) if self.mirror.behaviours else Answer.serve
        behave(self)

    def serve(self, *, ranges: bool = True, extra: int = 0, stop: int | None = None) -> None:
        """Serve a file; `extra` bytes are announced too many, `stop` are sent."""
        body = self.mirror.files.get(self.path)
        if body is None:
            self.send_error(404)
            return
        start = self.start() if ranges else 0
        if start >= len(body) > 0:
            self.send_error(416)
            return
        self.send_response(206 if start else 200)
        for name, value in self.mirror.headers.items():
            self.send_header(name, value)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        self.send_header("Content-Length", str(len(body) - start + extra))
        self.end_headers()
        self.wfile.write(body[start:][:stop])

    def start(self) -> int:
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        same = self.headers.get("If-Range") in self.mirror.headers.values()
        return int(asked[1]) if asked and same else 0

    def log_message(self, *words: object) -> None:
        """Keep quiet."""


class Quiet(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is what these tests are about."""


def truncate(size: int, **how: object) -> Callable[[Answer], None]:
    return lambda answer: answer.serve(stop=size, **how)


def stall(size: int) -> Callable[[Answer], None]:
    def behave(answer: Answer) -> None:
        answer.serve(stop=size)
        answer.wfile.flush()
        answer.mirror.released.wait(20)

    return behave


def reset(size: int) -> Callable[[Answer], None]:
    def behave(answer: Answer) -> None:
        answer.serve(stop=size)
        answer.wfile.flush()
        answer.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        answer.connection.close()

    return behave


def status(code: int) -> Callable[[Answer], None]:
    return lambda answer: answer.send_error(code)


def redirect(target: str) -> Callable[[Answer], None]:
    def behave(answer: Answer) -> None:
        answer.send_response(302)
        answer.send_header("Location", target)
        answer.end_headers()

    return behave


def send(body: bytes, *, kind: str = "text/html", code: int = 200, **headers: str) -> Callable[[Answer], None]:
    def behave(answer: Answer) -> None:
        answer.send_response(code)
        answer.send_header("Content-Type", kind)
        for name, value in headers.items():
            answer.send_header(name.replace("_", "-"), value)
        answer.end_headers()
        answer.wfile.write(body)

    return behave


@pytest.fixture
def bad():
    """Ways to answer badly."""

    class Ways:
        pass

    for way in (truncate, stall, reset, status, redirect, send):
        setattr(Ways, way.__name__, staticmethod(way))
    return Ways


@pytest.fixture(autouse=True)
def this_machine_only(monkeypatch, tmp_path):
    """Forbid every other host, and take cache and base address from nowhere but here."""
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setenv(geo_cache.CACHE, str(tmp_path / "cache"))
    monkeypatch.setenv(geo_cache.BASE, "http://127.0.0.1:9")
    look_up = socket.getaddrinfo

    def local(host: object, *words: object, **named: object):
        assert host == "127.0.0.1", f"a test asks for {host}"
        return look_up(host, *words, **named)

    monkeypatch.setattr(socket, "getaddrinfo", local)


@pytest.fixture
def mirror():
    mirror = Mirror()
    server = Quiet(("127.0.0.1", 0), type("Bound", (Answer,), {"mirror": mirror}))
    mirror.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield mirror
    mirror.released.set()
    server.shutdown()
    thread.join()
    server.server_close()


def packed(seed: int, size: int = 200_000) -> bytes:
    """Return a gzip file of about `size` bytes that cannot be packed further."""
    return gzip.compress(random.Random(seed).randbytes(size), mtime=0)


@pytest.fixture
def body() -> bytes:
    return packed(1)


@pytest.fixture
def cache(tmp_path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def command(monkeypatch, capsys):
    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["dermshift", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return run
