"""The guards of the other tests of this folder see what they are there to see."""

from __future__ import annotations

import pytest

BAD = {
    "a message": "<script>console.log('hello')</script>",
    "an error": "<script>missing()</script>",
    "a dialog": "<script>alert(1)</script>",
    "a file of the net": '<img src="http://localhost:9/x.png" alt="">',
    "a blocked script": ('<meta http-equiv="Content-Security-Policy" content="script-src \'none\'"><script>1</script>'),
}


@pytest.mark.parametrize("what", BAD)
def test_a_page_that_does_more_than_show_itself_is_caught(visit, tmp_path, what):
    path = tmp_path / "bad.html"
    path.write_text(f"<!DOCTYPE html><title>x</title>{BAD[what]}")
    visit(path).wait_for_timeout(100)
    assert visit.said
    visit.said.clear()


def test_a_page_that_shows_itself_is_not(visit, tmp_path):
    path = tmp_path / "good.html"
    path.write_text("<!DOCTYPE html><title>x</title><p>text")
    visit(path).wait_for_timeout(100)
    assert visit.said == []
