"""How the server speaks: messages to the user, failures as answers, arguments checked."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams
from pygls.lsp.server import LanguageServer

from qcode.errors import QcodeError
from qcode.terminal import clean

MAX_REQUEST = 4000
"""Characters of a request; more is a pasted file, not a sentence."""

REPEAT_S = 10.0

_LATELY: WeakKeyDictionary[LanguageServer, dict[str, float]] = WeakKeyDictionary()
_REQUEST_FAILED = -32803
_CONTENT_MODIFIED = -32801


def say(server: LanguageServer, level: types.MessageType, words: str) -> None:
    """A message to the user; the same one again within REPEAT_S is not shown."""
    text = clean(words, keep_newlines=False)
    now, lately = time.monotonic(), _LATELY.setdefault(server, {})
    for old in [old for old, at in lately.items() if now - at > REPEAT_S]:
        del lately[old]
    if text in lately:
        return
    lately[text] = now
    server.window_show_message(types.ShowMessageParams(level, f"qcode: {text}"))


def failed(error: QcodeError) -> JsonRpcException:
    """A foreseeable failure as the answer to a request."""
    return JsonRpcException(clean(f"{error.message} {error.hint}".strip()), _REQUEST_FAILED)


def stale(path: str) -> JsonRpcException:
    """The answer to a request for a text that is no longer there."""
    return JsonRpcException(f"{clean(path)} changed since this was offered. Ask again.", _CONTENT_MODIFIED)


def title(request: str) -> str:
    """`request` short enough for a menu."""
    line = clean(request, keep_newlines=False)
    return line if len(line) <= 80 else f"{line[:79]}…"


def one_object(command: str, given: Any, keys: set[str]) -> Mapping[str, Any]:
    """A command's only argument, an object of some of `keys`. Raises InvalidParams."""
    value = given[0] if isinstance(given, (list, tuple)) and len(given) == 1 else None
    if not isinstance(value, Mapping) or not set(value) <= keys:
        raise JsonRpcInvalidParams(f"{command} takes one object: {{{', '.join(sorted(keys))}}}.")
    return value


def request_in(value: Mapping[str, Any]) -> str:
    """The sentence under "request". Raises InvalidParams."""
    request = value.get("request")
    if not isinstance(request, str) or not request.strip() or len(request) > MAX_REQUEST:
        raise JsonRpcInvalidParams(f"`request` must be a text of 1 to {MAX_REQUEST} characters.")
    return request.strip()


def uri_in(value: Mapping[str, Any]) -> str | None:
    """The file: URI under "uri", None without one. Raises InvalidParams."""
    uri = value.get("uri")
    if uri is not None and not (isinstance(uri, str) and uri.startswith("file:")):
        raise JsonRpcInvalidParams("`uri` must be a file: URI.")
    return uri
