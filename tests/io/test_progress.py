"""Progress goes to a terminal and to nothing else, and never changes what is read."""

from __future__ import annotations

import io

import pytest

from dermshift.io import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_what_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr(progress, "PATIENCE", 0)
    monkeypatch.setattr("sys.stderr", screen)
    assert list(progress.watched(range(5), 5, "reading", "files")) == [0, 1, 2, 3, 4]
    assert "reading" in screen.getvalue()
    assert "files" in screen.getvalue()


@pytest.mark.parametrize("total", [5, None])
def test_a_file_or_a_pipe_sees_nothing(monkeypatch: pytest.MonkeyPatch, total: int | None) -> None:
    pipe = io.StringIO()
    monkeypatch.setattr(progress, "PATIENCE", 0)
    monkeypatch.setattr("sys.stderr", pipe)
    assert list(progress.watched(range(5), total, "reading", "files")) == [0, 1, 2, 3, 4]
    assert pipe.getvalue() == ""


def test_what_is_quick_is_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr("sys.stderr", screen)
    list(progress.watched(range(5), 5, "reading", "files"))
    assert "reading" not in screen.getvalue()
