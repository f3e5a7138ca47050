"""A Hugging Face-compatible endpoint of loopback, and a content network beside it, both misbehaving on
demand: they break off, change files, forget ranges, redirect elsewhere."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class Hub:
    """`files` by path. Everything else is how it misbehaves."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = dict(files)
        self.announced: dict[str, bytes] = {}
        """What the tree speaks of, where it is not what is sent."""
        self.checksums, self.ranges, self.etags = True, True, True
        self.break_after: Callable[[], int | None] = lambda: None
        """Bytes of the next body after which the connection breaks."""
        self.redirect: Callable[[str], str] | None = None
        self.status: list[int] = []
        """Answers to give before the right one."""
        self.seen: list[tuple[str, str, dict[str, str]]] = []
        """Server ("hub" or "net"), path, headers in lower case."""
        self.url = self.net = ""

    def tree(self) -> list[dict[str, Any]]:
        rows = []
        for path, sent in self.files.items():
            content = self.announced.get(path, sent)
            row: dict[str, Any] = {"type": "file", "path": path, "size": len(content)}
            if not self.checksums:
                row["oid"] = ""
            elif len(content) > 200:
                row |= {
                    "oid": "f" * 40,
                    "lfs": {"oid": hashlib.sha256(content).hexdigest(), "size": len(content)},
                }
            else:
                row["oid"] = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
            rows.append(row)
        return rows


@contextmanager
def serve(files: dict[str, bytes]) -> Iterator[Hub]:
    """The two servers, on ports of their own, for as long as the context lasts."""
    hub = Hub(files)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        role = "hub"

        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            hub.seen.append((self.role, self.path, {k.lower(): v for k, v in self.headers.items()}))
            path = unquote(urlsplit(self.path).path)
            if found := re.fullmatch(r"/api/models/[^/]+/[^/]+/revision/.+", path):
                self._send(json.dumps({"sha": COMMIT}).encode())
            elif re.fullmatch(rf"/api/models/[^/]+/[^/]+/tree/{COMMIT}", path):
                rows = hub.tree()
                page = int((re.search(r"page=(\d+)", self.path) or [0, "0"])[1])
                link = f'<{hub.url}{path}?recursive=true&page={page + 1}>; rel="next"'
                more = {"Link": link} if (page + 1) * 2 < len(rows) else {}
                self._send(json.dumps(rows[page * 2 : page * 2 + 2]).encode(), more)
            elif self.role == "hub" and (found := re.fullmatch(rf"/[^/]+/[^/]+/resolve/{COMMIT}/(.+)", path)):
                there = hub.redirect(found[1]) if hub.redirect else f"{hub.net}/blob/{found[1]}"
                self.send_response(302)
                self.send_header("Location", there)
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif (found := re.fullmatch(r"/blob/(.+)", path)) and found[1] in hub.files:
                self._blob(hub.files[found[1]])
            else:
                self.send_response(404)
                self.send_header("Content-Length", "0")
                self.end_headers()

        def _send(self, body: bytes, headers: dict[str, str] | None = None) -> None:
            self.send_response(200)
            for name, value in {**(headers or {}), "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            # A client that was killed meanwhile is no failure of the server's.
            with contextlib.suppress(OSError):
                self.wfile.write(body)

        def _blob(self, content: bytes) -> None:
            if hub.status and (code := hub.status.pop(0)) != 200:
                self.send_response(code)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            etag = f'"{hashlib.md5(content).hexdigest()}"'
            start = 0
            asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
            same = self.headers.get("If-Range", etag) == etag
            if asked and hub.ranges and same:
                start = int(asked[1])
                if start >= len(content):
                    self.send_response(416)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                self.send_response(206)
                self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
            else:
                self.send_response(200)
            if hub.etags:
                self.send_header("ETag", etag)
            self.send_header("Content-Length", str(len(content) - start))
            self.end_headers()
            limit = hub.break_after()
            try:
                self.wfile.write(content[start:] if limit is None else content[start : start + limit])
            except OSError:
                limit = 0  # the client left
            if limit is not None:
                self.close_connection = True

    class Net(Handler):
        role = "net"

    servers = [ThreadingHTTPServer(("127.0.0.1", 0), kind) for kind in (Handler, Net)]
    hub.url, hub.net = (f"http://127.0.0.1:{s.server_address[1]}" for s in servers)
    threads = [threading.Thread(target=s.serve_forever, args=(0.02,), daemon=True) for s in servers]
    for thread in threads:
        thread.start()
    try:
        yield hub
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()
