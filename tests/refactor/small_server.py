"""A small language server: it renames every `.NAME` whose receiver is called `ours`, and nothing else; asked in
a line below `class Bag`, those of `theirs`. Of lines that it may extract it makes a function `fn0` at the file's
end, by a command that has it applied; of lines with a `return` it offers nothing.

What it sees of its machine it answers as a message of a fault, so that a test can read it.
"""

from __future__ import annotations

import json
import re
import sys
from typing import Any


def read() -> dict[str, Any] | None:
    length = 0
    while line := sys.stdin.buffer.readline():
        if line.lower().startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
        if not line.strip():
            found: dict[str, Any] = json.loads(sys.stdin.buffer.read(length))
            return found
    return None


def send(message: dict[str, Any]) -> None:
    body = json.dumps(message).encode()
    sys.stdout.buffer.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
    sys.stdout.buffer.flush()


def places(text: str, name: str, whose: str) -> list[dict[str, Any]]:
    found = []
    for number, line in enumerate(text.split("\n")):
        for one in re.finditer(rf"(?:\b{whose}\.|\) ){name}\b", line):
            column = len(line[: one.end() - len(name)].encode("utf-16-le")) // 2
            start, end = (
                {"line": number, "character": column},
                {"line": number, "character": column + len(name)},
            )
            found.append({"range": {"start": start, "end": end}, "newText": "new"})
    return found


def main() -> None:
    texts: dict[str, str] = {}
    while (message := read()) is not None:
        if message.get("method") == "textDocument/didOpen":
            document = message["params"]["textDocument"]
            texts[document["uri"]] = document["text"]
        elif message.get("method") == "textDocument/rename":
            if "never" in sys.argv:
                continue
            where = message["params"]
            lines = texts[where["textDocument"]["uri"]].split("\n")
            line = lines[where["position"]["line"]]
            whose = "theirs" if lines[where["position"]["line"] - 1].startswith("class Bag") else "ours"
            rest = line.encode("utf-16-le")[2 * where["position"]["character"] :].decode("utf-16-le")
            name = re.match(r"\w+", rest)
            assert name
            edits = {uri: places(text, name[0], whose) for uri, text in texts.items()}
            send({"jsonrpc": "2.0", "id": message["id"], "result": {"changes": edits}})
        elif message.get("method") == "textDocument/codeAction":
            uri, span = message["params"]["textDocument"]["uri"], message["params"]["range"]
            inside = texts[uri].split("\n")[span["start"]["line"] : span["end"]["line"] + 1]
            order = {"title": "", "command": "extract", "arguments": [uri, span, "\n".join(inside)]}
            action = {"title": "Extract function", "kind": "refactor.extract", "edit": {}, "command": order}
            offered = (
                [] if any("return" in line for line in inside) else [{"title": "Extract variable"}, action]
            )
            send({"jsonrpc": "2.0", "id": message["id"], "result": offered})
        elif message.get("method") == "workspace/executeCommand":
            uri, span, inside = message["params"]["arguments"]
            end = {"line": texts[uri].count("\n") + 7, "character": 0}  # beyond the text is its end
            edits = [
                {"range": span, "newText": "fn0() // 𝒳é"},
                {"range": {"start": end, "end": end}, "newText": f"\nfunc fn0() {{\n{inside}\n}}\n"},
            ]
            send({"jsonrpc": "2.0", "id": "apply", "method": "workspace/applyEdit",
                  "params": {"edit": {"documentChanges": [{"textDocument": {"uri": uri, "version": 1}, "edits": edits}]}}})  # fmt: skip
            send({"jsonrpc": "2.0", "id": message["id"], "result": None})
        elif "id" in message and "method" in message:
            send({"jsonrpc": "2.0", "id": message["id"], "result": {"capabilities": {}}})


if __name__ == "__main__":
    main()
