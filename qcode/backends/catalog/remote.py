"""A Hugging Face-compatible endpoint: what files a repository has, and how they are asked for.

Sizes and checksums come from the tree API (`/api/models/REPO/tree/COMMIT`), at one commit, so that
all files are of one state. The token goes to the endpoint alone; a redirect may lead to another host
(weights lie on a content network) but not to another kind of address.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote, urljoin, urlsplit

import httpx

from qcode import __version__
from qcode.errors import BackendError, ConfigError, ModelFileError, UsageError

HUB = "https://huggingface.co"
_REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}", re.ASCII)
_PART = re.compile(r"[A-Za-z0-9_][\w.+@=,() -]{0,199}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}")
_SHA1 = re.compile(r"[0-9a-f]{40}")
_REDIRECTS, _PAGES, _FILES, _ANSWER = 5, 50, 20_000, 16 << 20
_TIMEOUT = httpx.Timeout(30, connect=15)


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """`size` in bytes. `sha256` of the content, or where the endpoint keeps the file in git itself
    (small texts) `blob`, git's SHA-1 of it."""

    path: str
    size: int
    sha256: str = ""
    blob: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """The files of `repository` at one `commit`."""

    repository: str
    commit: str
    files: tuple[RemoteFile, ...]


@dataclass
class Endpoint:
    """A server of models; a context manager that closes its connections.

    `url` is http(s)://…; default HF_ENDPOINT, else Hugging Face. Raises UsageError for another kind.
    """

    url: str = ""
    token: str = ""
    _client: httpx.Client = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.url = (self.url or os.environ.get("HF_ENDPOINT") or HUB).rstrip("/")
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise UsageError(
                f"{self.url} is no address of an endpoint.", "For example: --endpoint https://mirror.example"
            )
        if not self.token and (_is_loopback(parts.hostname) or parts.scheme == "https"):
            self.token = os.environ.get("HF_TOKEN", "")
        # A proxy is for what is elsewhere; a server on this machine is asked itself.
        self._client = httpx.Client(
            trust_env=not _is_loopback(parts.hostname),
            timeout=_TIMEOUT,
            follow_redirects=False,
            headers={"User-Agent": f"qcode/{__version__}", "Accept-Encoding": "identity"},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc

    def listing(self, repository: str, revision: str = "main") -> Listing:
        """What the repository holds. Raises UsageError, BackendError, ModelFileError."""
        if not _REPOSITORY.fullmatch(repository) or ".." in repository:
            raise UsageError(f"{repository!r} is no repository.", "Give OWNER/NAME.")
        base = f"{self.url}/api/models/{repository}"
        about = self._json(f"{base}/revision/{quote(revision, safe='')}", repository)
        commit = str(about.get("sha", "")) if isinstance(about, dict) else ""
        if not _SHA1.fullmatch(commit):
            raise BackendError(
                f"{self.host} names no commit of {repository}.", "It is no Hugging Face-compatible endpoint."
            )
        files: list[RemoteFile] = []
        url: str | None = f"{base}/tree/{commit}?recursive=true"
        for _ in range(_PAGES):
            with self.get(url) as answer:
                rows = _decoded(answer, f"{self.host} listed no files of {repository}")
                url = _next_page(answer, self.url)
            if not isinstance(rows, list):
                raise BackendError(
                    f"{self.host} listed no files of {repository}.", "Try again, or another --endpoint."
                )
            files += [_file(row) for row in rows if isinstance(row, dict) and row.get("type") == "file"]
            if len(files) > _FILES:
                raise BackendError(f"{repository} has over {_FILES:,} files.", "Choose another repository.")
            if url is None:
                break
        return Listing(repository, commit, tuple(files))

    def address(self, listing: Listing, file: RemoteFile) -> str:
        """Where the content of the file is asked for."""
        return f"{self.url}/{listing.repository}/resolve/{listing.commit}/{quote(file.path)}"

    @contextmanager
    def get(self, url: str | None, headers: Mapping[str, str] | None = None) -> Iterator[httpx.Response]:
        """The answer to a GET, its body unread, after at most five redirects.

        Raises ModelFileError for a redirect that must not be followed; httpx.HTTPError as it comes.
        """
        wanted = url or ""
        with ExitStack() as stack:
            for _ in range(_REDIRECTS + 1):
                try:
                    asked = self._client.stream("GET", wanted, headers=self._headers(wanted, headers))
                    answer = stack.enter_context(asked)
                except httpx.InvalidURL as error:  # httpx reads the target of a redirect by itself
                    raise ModelFileError(
                        f"{urlsplit(wanted).netloc} redirects to what is no address.",
                        "Use another --endpoint.",
                    ) from error
                if answer.status_code not in (301, 302, 303, 307, 308):
                    yield answer
                    return
                wanted = _redirected(wanted, answer.headers.get("location", ""))
                stack.close()
        raise ModelFileError(f"{self.host} redirects in circles.", "Try again later, or another --endpoint.")

    def _headers(self, url: str, headers: Mapping[str, str] | None) -> dict[str, str]:
        made = dict(headers or {})
        if self.token and _origin(url) == _origin(self.url):
            made["Authorization"] = f"Bearer {self.token}"
        return made

    def _json(self, url: str, repository: str) -> Any:
        with self.get(url) as answer:
            check_status(answer, repository, self.host)
            return _decoded(answer, f"{self.host} did not answer with JSON")


def refuse_offline(offline: bool) -> None:
    """Raises ConfigError where the user said that nothing may leave this machine."""
    if offline:
        raise ConfigError("qcode is offline: nothing is downloaded.", "Leave --offline out, or pull a path.")


def check_status(answer: httpx.Response, what: str, host: str) -> None:
    """Raises BackendError with the two lines that a status deserves; returns for 200 and 206."""
    code = answer.status_code
    if code in (200, 206):
        return
    if code in (401, 403):
        raise BackendError(
            f"{host} does not give out {what} ({code}).", "It may be gated: set HF_TOKEN to a token that may read it."
        )  # fmt: skip
    if code == 404:
        raise BackendError(f"{host} has no {what}.", "Check the name; qcode models lists known ones.")
    raise BackendError(f"{host} answered {code} for {what}.", "Try again later, or another --endpoint.")


def is_repository(name: str) -> bool:
    """Whether `name` looks like OWNER/NAME."""
    return _REPOSITORY.fullmatch(name) is not None


def _redirected(url: str, location: str) -> str:
    there = urljoin(url, location)
    old, new = urlsplit(url), urlsplit(there)
    if new.scheme not in ("http", "https") or not new.hostname or not location:
        raise ModelFileError(f"{old.netloc} redirects to {there!r}, which is no download.", "Use another --endpoint.")  # fmt: skip
    if old.scheme == "https" and new.scheme == "http":
        raise ModelFileError(
            f"{old.netloc} redirects from https to plain http ({new.netloc}).", "Use another --endpoint."
        )
    if _is_loopback(new.hostname) and not _is_loopback(old.hostname or ""):
        raise ModelFileError(f"{old.netloc} redirects to this machine ({new.netloc}).", "Use another --endpoint.")  # fmt: skip
    return there


def _origin(url: str) -> tuple[str, str, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def _is_loopback(host: str) -> bool:
    try:
        return host.casefold() == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _decoded(answer: httpx.Response, otherwise: str) -> Any:
    import json

    check_status(answer, "this repository", urlsplit(str(answer.url)).netloc)
    body = bytearray()
    for piece in answer.iter_raw():
        body += piece
        if len(body) > _ANSWER:
            raise BackendError(f"{otherwise}: too long an answer.", "Use another --endpoint.")
    try:
        return json.loads(body)
    except ValueError as error:
        raise BackendError(f"{otherwise}.", "Try again, or another --endpoint.") from error


def _next_page(answer: httpx.Response, endpoint: str) -> str | None:
    link = answer.links.get("next", {}).get("url")
    if link is None:
        return None
    there = urljoin(str(answer.url), link)
    if _origin(there) != _origin(endpoint):
        raise ModelFileError(f"The list of files goes on elsewhere: {there!r}.", "Use another --endpoint.")
    return there


def _file(row: Mapping[str, Any]) -> RemoteFile:
    path, size = row.get("path"), row.get("size")
    if not isinstance(path, str) or not isinstance(size, int) or size < 0:
        raise ModelFileError("The endpoint lists a file without name or size.", "Use another --endpoint.")
    lfs = row.get("lfs")
    sha256 = str(lfs.get("oid", "")).removeprefix("sha256:") if isinstance(lfs, dict) else ""
    if isinstance(lfs, dict) and isinstance(lfs.get("size"), int):
        size = int(lfs["size"])
    blob = "" if sha256 else str(row.get("oid", ""))
    return RemoteFile(
        path, size, sha256 if _SHA256.fullmatch(sha256) else "", blob if _SHA1.fullmatch(blob) else ""
    )


def safe_path(path: str) -> str:
    """`path`, if every part of it is a plain file name. Raises ModelFileError for `..`, absolute
    paths, backslashes, control characters and names of our own part files."""
    parts = path.split("/")
    if len(parts) > 8 or not all(_PART.fullmatch(p) and not p.endswith((".", " ", ".part")) for p in parts):
        raise ModelFileError(f"The endpoint names a file {path!r}.", "Such a name is not written here.")
    return path
