from __future__ import annotations

import gzip
import hashlib
import json
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from dermshift.errors import ConfigError, FetchError
from dermshift.io.fetch import fetch_file
from dermshift.io.fetch_http import next_address
from dermshift.io.fetch_job import Job, Options
from dermshift.io.fetch_kind import PLAIN

NAME = "/series.txt.gz"
OTHER = gzip.compress(random.Random(2).randbytes(210_000), mtime=0)


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def get(mirror, body, cache, said):
    """Serve `body` and fetch it."""
    mirror.files[NAME] = body

    def fetch(name: str = NAME, **how):
        plain = {"kind": how.pop("kind")} if "kind" in how else {}
        settings = {"tries": 3, "wait": 0, "timeout": 5, "tell": said.append} | how
        return fetch_file(mirror.address + name, cache / "series.txt.gz", Options(**settings), **plain)

    return fetch


def refusal(get, **how) -> str:
    with pytest.raises(FetchError) as error:
        get(**how)
    problem = error.value.problems[0]
    assert all(problem.as_dict().values())
    return f"{problem.found} | {problem.action}"


def names(cache: Path) -> set[str]:
    return {path.name for path in cache.iterdir()} - {".lock"} if cache.is_dir() else set()


def recorded(cache: Path) -> dict[str, object]:
    return json.loads((cache / "series.txt.gz.json").read_text())


WHOLE = {"series.txt.gz", "series.txt.gz.json"}
PART = {"series.txt.gz.part", "series.txt.gz.part.json"}


def test_a_file_is_fetched_whole_and_recorded(get, mirror, body, cache):
    fetched = get()
    assert fetched.new
    assert fetched.path.read_bytes() == body
    assert names(cache) == WHOLE
    assert recorded(cache) == {
        "address": mirror.address + NAME,
        "origin": "fetched",
        "size": len(body),
        "sha256": hashlib.sha256(body).hexdigest(),
        "date": fetched.record.date,
        "etag": '"one"',
        "last_modified": "",
        "dermshift": "0.1.0",
        "release": "",
    }


def test_a_second_fetch_needs_no_network(get, mirror, cache):
    first = get()
    second = get()
    assert (second.record, second.new) == (first.record, False)
    assert get(offline=True).record == first.record
    assert len(mirror.requests) == 1


def test_refresh_fetches_again_and_takes_another_content(get, mirror, cache):
    get()
    mirror.files[NAME] = OTHER
    assert get(refresh=True).path.read_bytes() == OTHER
    assert recorded(cache)["sha256"] == hashlib.sha256(OTHER).hexdigest()
    assert names(cache) == WHOLE
    assert len(mirror.requests) == 2


def test_a_refresh_that_fails_leaves_the_old_file(get, mirror, body, bad, cache):
    get()
    mirror.behaviours = [bad.status(503)] * 3
    refusal(get, refresh=True)
    assert (cache / "series.txt.gz").read_bytes() == body
    assert not get().new


@pytest.mark.parametrize("damage", [b"", b"other bytes", "half"])
def test_a_file_that_differs_from_its_record_is_fetched_again(get, mirror, body, cache, damage):
    get()
    (cache / "series.txt.gz").write_bytes(body[: len(body) // 2] if damage == "half" else damage)
    assert "not whole or not the recorded file" in refusal(get, offline=True)
    assert get().path.read_bytes() == body
    assert len(mirror.requests) == 2


def test_another_content_than_recorded_is_refused_without_refresh(get, mirror, cache):
    get()
    before = recorded(cache)
    (cache / "series.txt.gz").unlink()
    mirror.files[NAME] = OTHER
    assert "another content than was recorded | If the new content is welcome" in refusal(get)
    assert names(cache) == {"series.txt.gz.json"}
    assert recorded(cache) == before
    assert get(refresh=True).path.read_bytes() == OTHER


def test_a_file_placed_by_hand_gets_a_record(get, mirror, body, cache):
    cache.mkdir()
    (cache / "series.txt.gz").write_bytes(body)
    assert get(offline=True).record.origin == "placed by hand"
    assert names(cache) == WHOLE
    assert mirror.requests == []


def test_half_a_file_placed_by_hand_is_not_taken(get, mirror, body, cache):
    cache.mkdir()
    (cache / "series.txt.gz").write_bytes(body[:1000])
    assert "is not whole" in refusal(get, offline=True)
    assert get().path.read_bytes() == body


def test_offline_says_address_and_place(get, mirror, cache):
    with pytest.raises(FetchError) as error:
        get(offline=True)
    problem = error.value.problems[0]
    assert problem.where == mirror.address + NAME
    assert f"download that address elsewhere and save it as {cache / 'series.txt.gz'}" in problem.action
    assert names(cache) == set()


def test_an_interrupted_download_goes_on_where_it_stopped(get, mirror, body, bad, said):
    mirror.behaviours = [bad.truncate(100_000), bad.reset(50_000)]
    assert get().path.read_bytes() == body
    first, second, third = mirror.ranges()
    assert (first, second) == (None, "bytes=100000-")
    assert int(third[6:-1]) >= 100_000
    assert mirror.requests[1][1]["If-Range"] == '"one"'
    assert said[0] == "the connection ended after 100000 bytes; trying again in 0 s (2 of 3)"


def test_a_later_call_goes_on_too(get, mirror, body, bad, cache):
    mirror.behaviours = [bad.truncate(70_000), bad.status(503), bad.status(503)]
    assert "it goes on after 70000 bytes" in refusal(get)
    assert names(cache) == PART
    assert get().path.read_bytes() == body
    assert mirror.ranges()[-1] == "bytes=70000-"
    assert names(cache) == WHOLE


def test_a_killed_download_goes_on_too(get, mirror, body, bad, cache):
    mirror.behaviours = [bad.stall(150_000)]
    code = "import sys; from pathlib import Path; from dermshift.io.fetch import fetch_file; "
    code += "fetch_file(sys.argv[1], Path(sys.argv[2]))"
    words = [sys.executable, "-c", code, mirror.address + NAME, str(cache / "series.txt.gz")]
    process = subprocess.Popen(words)
    part, limit = cache / "series.txt.gz.part", time.monotonic() + 60
    while time.monotonic() < limit and not (part.exists() and part.stat().st_size):
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    size = part.stat().st_size
    assert 0 < size < len(body)
    assert get().path.read_bytes() == body
    assert mirror.ranges() == [None, f"bytes={size}-"]


@pytest.mark.parametrize("headers", [{}, {"ETag": 'W/"weak"'}])
def test_without_a_firm_version_a_download_starts_anew(get, mirror, body, bad, headers):
    mirror.headers = headers
    mirror.behaviours = [bad.truncate(100_000)]
    assert get().path.read_bytes() == body
    assert mirror.ranges() == [None, None]


def test_the_date_stands_in_for_a_weak_etag(get, mirror, body, bad):
    mirror.headers = {"ETag": 'W/"weak"', "Last-Modified": "Mon, 01 Jan 2024 00:00:00 GMT"}
    mirror.behaviours = [bad.truncate(100_000)]
    assert get().path.read_bytes() == body
    assert mirror.ranges() == [None, "bytes=100000-"]
    assert mirror.requests[1][1]["If-Range"] == "Mon, 01 Jan 2024 00:00:00 GMT"


def test_a_server_that_ignores_ranges_sends_all_again(get, mirror, body, bad):
    mirror.behaviours = [bad.truncate(100_000), lambda answer: answer.serve(ranges=False)]
    assert get().path.read_bytes() == body
    assert len(mirror.requests) == 2


def change(mirror, *, answer=None):
    mirror.files[NAME] = OTHER
    mirror.headers = {"ETag": '"two"'}
    if answer:
        answer.serve()


def test_a_file_that_changes_between_tries_is_not_spliced(get, mirror, bad):
    mirror.behaviours = [bad.truncate(100_000), lambda answer: change(mirror, answer=answer)]
    assert get().path.read_bytes() == OTHER
    assert mirror.ranges() == [None, "bytes=100000-"]


def wrong_rest(mirror):
    """Answer a range with that of the new file, whatever version was asked for."""

    def behave(answer):
        change(mirror)
        rest = OTHER[100_000:]
        answer.send_response(206)
        answer.send_header("ETag", '"two"')
        answer.send_header("Content-Range", f"bytes 100000-{len(OTHER) - 1}/{len(OTHER)}")
        answer.end_headers()
        answer.wfile.write(rest)

    return behave


def test_a_rest_of_another_version_is_not_spliced(get, mirror, bad, said):
    mirror.behaviours = [bad.truncate(100_000), wrong_rest(mirror)]
    assert get().path.read_bytes() == OTHER
    assert mirror.ranges() == [None, "bytes=100000-", None]
    assert "another version" in said[1]


@pytest.mark.parametrize("place", ["bytes 99999-200000/200001", "bytes */5", "nonsense", ""])
def test_a_rest_from_elsewhere_is_not_spliced(get, mirror, body, bad, place):
    wrong = bad.send(b"x" * 50, code=206, ETag='"one"', Content_Range=place)
    mirror.behaviours = [bad.truncate(100_000), wrong]
    assert get().path.read_bytes() == body
    assert mirror.ranges() == [None, "bytes=100000-", None]


def test_an_unwanted_range_is_dropped(get, mirror, body, bad):
    mirror.behaviours = [bad.truncate(100_000), bad.status(416)]
    assert get().path.read_bytes() == body
    assert mirror.ranges() == [None, "bytes=100000-", None]


def test_the_part_of_another_address_is_not_continued(get, mirror, body, bad, cache):
    mirror.files["/b.gz"] = OTHER
    mirror.behaviours = [bad.truncate(70_000)]
    refusal(get, tries=1)
    assert get("/b.gz").path.read_bytes() == OTHER
    assert mirror.ranges() == [None, None]


@pytest.mark.parametrize("code", [500, 502, 503, 504, 429, 408])
def test_a_busy_server_is_asked_again(get, mirror, body, bad, said, code):
    mirror.behaviours = [bad.status(code), bad.status(code)]
    assert get().path.read_bytes() == body
    assert len(mirror.requests) == 3
    assert f"the server answers {code}" in said[0]


@pytest.mark.parametrize(
    ("way", "words"),
    [
        (("status", 503), "the server answers 503 Service Unavailable; 3 tries"),
        (("truncate", 100), "the connection ended after 300 bytes; 3 tries"),
        (("reset", 40_000), "the connection ended"),
    ],
)
def test_after_the_last_try_it_is_refused(get, mirror, bad, cache, way, words):
    mirror.behaviours = [getattr(bad, way[0])(way[1])] * 3
    assert words in refusal(get)
    assert len(mirror.requests) == 3
    assert names(cache) <= PART


@pytest.mark.parametrize("code", [400, 401, 403, 404, 410, 451])
def test_a_plain_no_is_not_asked_again(get, mirror, bad, cache, code):
    mirror.behaviours = [bad.status(code)]
    assert f"the server answers {code}" in refusal(get)
    assert len(mirror.requests) == 1
    assert names(cache) == set()


def test_a_server_that_announces_too_much_is_refused(get, mirror, bad, cache):
    mirror.behaviours = [bad.truncate(None, extra=1000, ranges=False)] * 3
    assert "the connection ended after" in refusal(get)
    assert names(cache) == PART


def test_a_server_that_announces_too_little_is_refused(get, mirror, bad, cache):
    mirror.behaviours = [bad.truncate(None, extra=-1000)] * 3
    assert "incomplete or damaged gzip file" in refusal(get)
    assert names(cache) == set()
    assert len(mirror.requests) == 3


def test_a_server_that_lied_once_does_no_harm(get, mirror, body, bad):
    mirror.behaviours = [bad.truncate(None, extra=-1000), bad.truncate(None, extra=1000)]
    assert get(tries=4).path.read_bytes() == body


@pytest.mark.parametrize("size", [0, 100_000])
def test_a_stall_ends_in_time(get, mirror, bad, cache, size):
    mirror.behaviours = [bad.stall(size)] * 2
    started = time.monotonic()
    assert "no answer in time" in refusal(get, tries=2, timeout=0.5)
    assert time.monotonic() - started < 5
    assert len(mirror.requests) == 2
    assert not WHOLE & names(cache)


def test_a_download_goes_on_after_a_stall(get, mirror, body, bad):
    mirror.behaviours = [bad.stall(100_000)]
    assert get(timeout=0.2).path.read_bytes() == body
    assert mirror.ranges()[1].startswith("bytes=")


def test_a_body_without_length_is_taken_if_it_is_whole(get, mirror, body, bad):
    mirror.behaviours = [bad.send(body[:-500], kind="application/gzip"), bad.send(body, kind="application/gzip")]
    assert get().path.read_bytes() == body
    assert len(mirror.requests) == 2


def test_a_broken_chunk_is_no_file(get, mirror, body, bad, said):
    def broken(answer):
        answer.protocol_version = "HTTP/1.1"
        answer.send_response(200)
        answer.send_header("Transfer-Encoding", "chunked")
        answer.end_headers()
        answer.wfile.write(b"%x\r\n%b\r\n%x\r\n%b" % (50_000, body[:50_000], 50_000, body[50_000:60_000]))
        answer.close_connection = True

    mirror.behaviours = [broken]
    assert get().path.read_bytes() == body
    assert "the connection ended" in said[0]


def test_packed_transfer_leaves_the_file_as_it_is(get, mirror, body, bad):
    mirror.behaviours = [bad.send(body, kind="application/x-gzip", Content_Encoding="gzip")]
    assert get().path.read_bytes() == body
    assert mirror.requests[0][1]["Accept-Encoding"] == "identity"


@pytest.mark.parametrize("page", [b"<!DOCTYPE html><p>Log in", b"\n <html>", b'<?xml version="1.0"?>\n<!DOCTYPE html>'])
@pytest.mark.parametrize("kind", ["text/html", "application/x-gzip"])
def test_a_web_page_is_no_file(get, mirror, bad, cache, page, kind):
    mirror.behaviours = [bad.send(page, kind=kind)] * 2
    words = refusal(get)
    assert "a web page (HTML) | A network that wants a log-in" in words
    assert "a web page" in refusal(get, kind=PLAIN)
    assert names(cache) == set()
    assert len(mirror.requests) == 2


def test_a_file_called_a_page_is_still_a_file(get, mirror, body, bad):
    mirror.behaviours = [bad.send(body, kind="text/html")]
    assert get().path.read_bytes() == body


def test_other_bytes_are_no_gzip(get, mirror, bad, cache):
    mirror.behaviours = [bad.send(b"GENE1\tGENE2\n", kind="text/plain")]
    assert "a file that begins with b'GENE1" in refusal(get)
    assert names(cache) == set()


@pytest.mark.parametrize("content", [b"", b"\x1f\x8b"])
def test_next_to_nothing_is_no_file(get, mirror, bad, cache, content):
    mirror.files[NAME] = content
    refusal(get)
    assert names(cache) == set()


def test_a_plain_file_can_be_fetched_too(get, mirror):
    mirror.files[NAME] = b"SET\tours\tGENE1\n"
    assert get(kind=PLAIN).path.read_bytes() == b"SET\tours\tGENE1\n"


def test_redirects_are_followed(get, mirror, body, bad):
    mirror.files["/moved.gz"] = body
    mirror.behaviours = [bad.redirect("/moved.gz?key=secret"), bad.redirect(f"{mirror.address}/moved.gz")]
    fetched = get()
    assert fetched.path.read_bytes() == body
    assert fetched.record.address == mirror.address + NAME
    assert mirror.paths == [NAME, "/moved.gz?key=secret", "/moved.gz"]


@pytest.mark.parametrize("size", [1, 2, 30])
def test_a_loop_of_redirects_is_refused(get, mirror, bad, cache, size):
    mirror.behaviours = [bad.redirect(f"/{turn % size}") for turn in range(40)]
    assert "redirects without end" in refusal(get)
    assert len(mirror.requests) <= 11
    assert names(cache) == set()


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/x", "javascript:alert(1)"])
def test_a_redirect_out_of_the_web_is_refused(get, mirror, bad, cache, target):
    mirror.behaviours = [bad.redirect(target)]
    assert "a redirect to" in refusal(get)
    assert len(mirror.requests) == 1
    assert names(cache) == set()


def test_a_redirect_that_is_no_address_is_refused(get, mirror, bad, cache):
    mirror.behaviours = [bad.redirect("http://[")]
    refusal(get)
    assert names(cache) == set()


def test_nothing_leads_from_https_to_http():
    job = Job("https://a.example/x", Path("x"))
    assert next_address(job, job.address, "/y") == "https://a.example/y"
    assert next_address(job, "http://a.example/x", "https://b.example/y") == "https://b.example/y"
    with pytest.raises(FetchError, match="an address with https"):
        next_address(job, job.address, "http://a.example/y")


def test_an_unreachable_server_is_named(cache, said):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}/series.txt.gz"
    with pytest.raises(FetchError) as error:
        fetch_file(address, cache / "series.txt.gz", Options(tries=2, wait=0, tell=said.append))
    problem = error.value.problems[0]
    assert problem.where == address
    assert "Connection refused; 2 tries" in problem.found
    assert str(cache / "series.txt.gz") in problem.action
    assert len(said) == 1


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "ftp://a.example/x", "a.example/x", "http://", "http://u:p@a.example/x", "http://["],
)
def test_only_plain_web_addresses_are_fetched(cache, address):
    with pytest.raises(ConfigError, match="no plain web address"):
        fetch_file(address, cache / "x.gz")


def test_a_connection_that_cannot_be_trusted_is_refused_at_once(get, mirror, cache, said):
    mirror.address = mirror.address.replace("http:", "https:")  # where no TLS is spoken
    assert "no trusted connection" in refusal(get)
    assert said == []
    assert names(cache) == set()


def test_offline_brings_nothing_new(get, mirror, body, cache):
    get()
    assert "--refresh, which asks for a new download" in refusal(get, offline=True, refresh=True)
    assert (cache / "series.txt.gz").read_bytes() == body
    assert len(mirror.requests) == 1


@pytest.mark.parametrize("seed", range(12))
def test_whatever_happens_a_file_is_whole_or_not_there(get, mirror, bad, body, cache, seed):
    """Any mixture of troubles and a change of the file in between."""
    draw = random.Random(seed)
    troubles = [bad.status(503), bad.status(416), bad.truncate(None, extra=-700), lambda answer: change(mirror)]
    troubles += [way(draw.randrange(200_000)) for way in (bad.truncate, bad.reset, bad.truncate, bad.reset)]
    mirror.behaviours = draw.sample(troubles, k=5)
    for tries in (2, 2, 6):
        try:
            assert get(tries=tries).path.read_bytes() in (body, OTHER)
        except FetchError:
            assert not (cache / "series.txt.gz").exists()
    assert names(cache) == WHOLE
    assert get().record.sha256 == hashlib.sha256((cache / "series.txt.gz").read_bytes()).hexdigest()


def test_waits_double_up_to_a_minute():
    assert [Options(wait=1).delay(turn) for turn in (1, 2, 3, 7, 8, 2000)] == [1, 2, 4, 60, 60, 60]


def test_a_folder_that_cannot_be_is_named(get, cache):
    cache.write_bytes(b"a file where the folder should be")
    assert "DERMSHIFT_CACHE" in refusal(get)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_named(get, mirror, cache):
    cache.mkdir()
    (cache / "series.txt.gz.part").symlink_to("/dev/full")
    assert "No space left on device | Make room" in refusal(get)
    assert len(mirror.requests) == 1
    assert not WHOLE & names(cache)


def test_two_at_once_download_once(get, mirror, body, said):
    def slow(answer):
        time.sleep(0.2)
        answer.serve()

    mirror.behaviours = [slow]
    found = []
    threads = [threading.Thread(target=lambda: found.append(get())) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.new for one in found) == [False, True]
    assert len(mirror.requests) == 1
    assert "waiting for it" in said[0]


def test_a_progress_bar_is_drawn_only_when_asked(get, capsys):
    get()
    assert capsys.readouterr().err == ""
    get(refresh=True, progress=True)
    assert "series.txt.gz: 100%" in capsys.readouterr().err


def test_the_files_have_the_usual_permissions(get, cache, tmp_path):
    (tmp_path / "usual").touch()
    get()
    assert {(cache / name).stat().st_mode & 0o777 for name in WHOLE} == {(tmp_path / "usual").stat().st_mode & 0o777}
