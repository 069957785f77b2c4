"""Digests of source files, and the cache that spares parsing them."""

from __future__ import annotations

import ast

import pytest

from dermshift.workflow.syntax import _place, digests

SOURCE = 'def one():\n    """Say one."""\n    return 1\n'


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def files(tmp_path):
    names = {"a.py": SOURCE, "b.py": SOURCE.replace("Say one.", "Other words.") + "# a comment\n", "c.css": SOURCE}
    paths = [tmp_path / name for name in names]
    for path in paths:
        path.write_text(names[path.name], encoding="utf-8")
    return paths


def test_words_do_not_count_in_source_and_do_elsewhere(cache, files):
    code, commented, style = digests(files).values()
    assert code == commented != style
    files[0].write_text(SOURCE.replace("1", "2"), encoding="utf-8")
    files[2].write_text(SOURCE.replace("Say", "Tell"), encoding="utf-8")
    changed, same, other = digests(files).values()
    assert changed != code
    assert same == commented
    assert other != style


def test_what_was_seen_is_not_parsed_again(cache, files, monkeypatch):
    first = digests(files)
    monkeypatch.setattr(ast, "parse", lambda source: pytest.fail("parsed again"))
    assert digests(files) == first


@pytest.mark.parametrize("kept", [b"", b"{", b"[1]", b"7", b'{"a": "b"}', b'{"%s": 7}' % (b"0" * 64), b"\xff"])
def test_a_cache_that_is_not_what_was_written_is_made_again(cache, files, kept):
    first = digests(files)
    whole = _place().read_bytes()
    _place().write_bytes(kept)
    assert digests(files) == first
    assert _place().read_bytes() == whole


def test_a_digest_of_another_length_is_not_taken(cache, files):
    first = digests(files)
    _place().write_bytes(_place().read_bytes().replace(first[files[0]].hex().encode(), b"00"))
    assert digests(files) == first


def test_a_cache_that_cannot_be_written_is_done_without(cache, files):
    cache.write_text("a file where a folder would be")
    assert digests(files) == digests(files)
    assert cache.is_file()
