"""One try at a download: ask, follow redirects, append what comes to the part."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import requests
import urllib3

from dermshift import __version__
from dermshift.io.fetch_job import AbsentError, PassingError
from dermshift.io.fetch_part import Version, whole_size

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dermshift.io.fetch_job import Job, Options
    from dermshift.io.fetch_kind import Kind
    from dermshift.io.fetch_part import Part

CHUNK = 1 << 15
REDIRECTS = 10
AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
GONE = frozenset({404, 410})
PAGE = re.compile(rb"\s*(\xef\xbb\xbf)?\s*<(!doctype html|html|head|\?xml[^>]*>\s*<!doctype html)\b", re.IGNORECASE)
# "identity": the bytes of the file are kept as they are stored, whatever their packing.
HEADERS = {"User-Agent": f"dermshift/{__version__}", "Accept-Encoding": "identity"}


def receive(job: Job, part: Part, options: Options, kind: Kind) -> Version:
    """Ask once for what `part` still lacks, and append it.

    Returns
    -------
    Version
        What the server said of the file.

    Raises
    ------
    PassingError
        Another try may help; what arrived stays in `part` unless it cannot be continued.
    FetchError
        It will not.
    """
    with (
        _words(job, part),
        requests.Session() as session,
        _open(session, job, part.asking(job.address), options.timeout) as response,
    ):
        _need_success(job, part, response)
        _place(job, part, response)
        total = whole_size(response.status_code, response.headers)
        _append(job, part, response, total, options, kind)
        if total is not None and part.size != total:
            message = f"{part.size} bytes came, {total} were announced"
            part.drop()
            raise PassingError(message)
        # Not the address a redirect led to: that one may hold a key of the reader.
        return Version.of(job.address, response.headers)


@contextmanager
def _words(job: Job, part: Part) -> Iterator[None]:
    """Turn what the network libraries raise into words."""
    try:
        yield
    except requests.exceptions.SSLError as error:
        found = f"no trusted connection: {_root(error)}"
        action = f"Check the clock of this computer and its certificates (REQUESTS_CA_BUNDLE), or {job.by_hand}"
        raise job.refuse(found, "a valid certificate", action) from None
    except (requests.Timeout, urllib3.exceptions.TimeoutError):
        message = f"no answer in time{_so_far(part)}"
        raise PassingError(message) from None
    except (requests.ConnectionError, urllib3.exceptions.HTTPError) as error:
        lost = part.size and not isinstance(error, requests.ConnectionError)
        message = f"the connection ended{_so_far(part)}" if lost else f"no connection: {_root(error)}"
        raise PassingError(message) from None
    except (requests.RequestException, ValueError) as error:
        raise job.refuse(str(error), "an http or https address", f"Correct the address, or {job.by_hand}") from None


def _so_far(part: Part) -> str:
    return f" after {part.size} bytes" if part.size else ""


def _root(error: BaseException) -> str:
    """Return the innermost reason; the layers around it repeat the address."""
    reason = getattr(error, "reason", None) or next((part for part in error.args if isinstance(part, Exception)), None)
    return _root(reason) if isinstance(reason, Exception) else str(error)


def _open(session: requests.Session, job: Job, wanted: dict[str, str], timeout: float) -> requests.Response:
    """Ask and follow redirects by hand: requests itself would go from https to http."""
    address, seen = job.address, {job.address}
    while True:
        response = session.get(
            address, headers=HEADERS | wanted, stream=True, allow_redirects=False, timeout=(timeout, timeout)
        )
        target = session.get_redirect_target(response)
        if target is None:
            return response
        response.close()
        address = next_address(job, address, target)
        if address in seen or len(seen) > REDIRECTS:
            found = f"redirects without end, to {address}"
            raise job.refuse(found, "the file", f"Try later or another base address, or {job.by_hand}")
        seen.add(address)


def next_address(job: Job, address: str, target: str) -> str:
    """Return the address a redirect leads to.

    Raises
    ------
    FetchError
        It is no web address, or leads from https to http.
    """
    new = urljoin(address, target)
    scheme = urlsplit(new).scheme
    safe = {"https"} if urlsplit(address).scheme == "https" else {"http", "https"}
    if scheme not in safe or not urlsplit(new).hostname:
        found, expected = f"a redirect to {new}", f"an address with {' or '.join(sorted(safe))}"
        raise job.refuse(found, expected, f"Check the base address, or {job.by_hand}")
    return new


def _need_success(job: Job, part: Part, response: requests.Response) -> None:
    status = response.status_code
    answer = f"the server answers {status} {response.reason or ''}".strip()
    if status in AGAIN:
        raise PassingError(answer)
    if status == 416:
        part.drop()
        raise PassingError(answer)
    if status in GONE:
        raise AbsentError(job.problem(answer, "a file at this address", "Check the accession and the base address."))
    if status not in (200, 206):
        raise job.refuse(answer, "the file", f"Check the base address and any proxy, or {job.by_hand}")


def _place(job: Job, part: Part, response: requests.Response) -> None:
    """Make `part` end where the body of the answer begins."""
    if response.status_code == 200:
        part.begin(Version.of(job.address, response.headers))
    elif not part.continues(job.address, response.headers):
        part.drop()
        message = "the rest on offer belongs to another version of the file"
        raise PassingError(message)


def _append(job: Job, part: Part, response: requests.Response, total: int | None, options: Options, kind: Kind) -> None:
    from tqdm import tqdm

    name = job.destination.name
    with (
        part.path.open("ab") as handle,
        tqdm(total=total, initial=part.size, unit="B", unit_scale=True, desc=name, disable=not options.progress) as bar,
    ):
        while chunk := response.raw.read(CHUNK, decode_content=False):
            if handle.tell() == 0:
                _need_kind(job, part, chunk, kind)
            handle.write(chunk)
            bar.update(len(chunk))


def _need_kind(job: Job, part: Part, start: bytes, kind: Kind) -> None:
    page = PAGE.match(start) is not None
    if not page and start.startswith(kind.start):
        return
    part.drop()
    found = "a web page (HTML)" if page else f"a file that begins with {start[:16]!r}"
    action = f"A network that wants a log-in first may answer so: log in, then try again; or {job.by_hand}"
    raise job.refuse(found, kind.name, action)
