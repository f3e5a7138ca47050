"""The /commands: what the prompt, the palette and the help know alike."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """`name` follows the slash, `argument` names what may follow it; `key` does the same at once."""

    name: str
    about: str
    argument: str = ""
    key: str = ""


COMMANDS = (
    Command("keys", "show all keys and commands", key="?"),
    Command("ask", "ask about the code; nothing can be changed", "QUESTION"),
    Command("plan", "look and plan; nothing can be changed", "REQUEST"),
    Command("edit", "change code", "REQUEST"),
    Command("fix", "run the tests and mend the code until they pass", "HINT"),
    Command("new", "begin a new conversation"),
    Command("files", "find a file and name it in the request", key="ctrl+f"),
    Command("context", "what the model is shown, and at what cost; pin it, leave it out", key="f2"),
    Command("sessions", "earlier runs here: go on, rewind, branch off, export", key="f3"),
    Command("resume", "go on with the latest run here that was cut off"),
    Command("diff", "look at the uncommitted changes", key="f4"),
    Command("models", "what fits here, what is installed; pull and switch", key="f5"),
    Command("approvals", "when an edit is written without a question", key="f8"),
    Command("undo", "take back the last change that was written", key="ctrl+z"),
    Command("copy", "copy the last answer"),
    Command("export", "write the conversation to a Markdown file", "FILE"),
    Command("editor", "write the request in your editor", key="ctrl+g"),
    Command("theme", "choose the colours", "NAME"),
    Command("quit", "leave qcode", key="ctrl+q"),
)
BY_NAME = {command.name: command for command in COMMANDS}


def parse(text: str) -> tuple[Command, str] | None:
    """The command that `text` is, with what follows; None for a request.

    A path such as /etc/hosts at the start of a request is no command, and neither is a word that
    no command has.
    """
    if not text.startswith("/"):
        return None
    name, _, rest = text[1:].partition(" ")
    command = BY_NAME.get(name.strip())
    return (command, rest.strip()) if command else None
