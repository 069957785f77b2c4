"""Threads: as many as the process may use, and work shared out to them."""

from __future__ import annotations

from dermshift import threads
from dermshift.threads import available_threads, on_threads


def test_threads_are_the_cores_this_process_may_use(monkeypatch):
    assert available_threads() >= 1
    monkeypatch.setattr(threads.os, "sched_getaffinity", lambda pid: {0, 3, 5}, raising=False)
    assert available_threads() == 3
    monkeypatch.delattr(threads.os, "sched_getaffinity")
    monkeypatch.setattr(threads.os, "cpu_count", lambda: None)
    assert available_threads() == 1


def test_every_item_is_worked_on_once_whatever_the_threads():
    for count in (0, 1, 3):
        done: list[int] = []
        on_threads(done.append, range(7), count)
        assert sorted(done) == list(range(7))
