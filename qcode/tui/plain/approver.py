"""The question about an edit, and its answer in one line."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from qcode.messages import ChangeSet, Verdict
from qcode.tui.plain.teller import Teller

if TYPE_CHECKING:
    from qcode.agent import Preview


class PlainApprover:
    """Shows the diff as text and reads one line. Only a person at a terminal can approve."""

    def __init__(self, teller: Teller, read: Callable[[str], str], reloaded: Callable[[], bool]) -> None:
        """`reloaded` tells whether the settings now approve tested edits."""
        self._teller = teller
        self._read = read
        self._by_settings = reloaded
        self.session = False
        """Tested edits need no question, for the rest of the conversation."""
        self.letter = ""
        """What the user said instead of yes or no: it goes back to the model."""
        self.decided: Callable[[bool | ChangeSet, ChangeSet, bool], None] = lambda *_: None

    async def ask(self, preview: Preview) -> bool | ChangeSet:
        """What of `preview` may be written."""
        passed = preview.verdict is not None and preview.verdict.verdict is Verdict.PASSED
        if passed and (self.session or self._by_settings()):
            self._teller.line("Written without a question: its tests passed, and you said so.")
            return True
        self._teller.line(preview.diff)
        self._teller.line(f"{preview.sentence}. Files: {', '.join(preview.changes.paths)}.")
        taken = self._taken(await self._answer(), preview.changes)
        self.decided(taken, preview.changes, bool(self.letter))
        return taken

    async def _answer(self) -> str:
        question = "Apply? yes, no, session, yes FILE, or what should be different: "
        _forget_keys()
        # asyncio's own handler would only cancel the task, which this blocking read cannot see.
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            return self._read(question).strip()
        except EOFError:
            return ""
        except KeyboardInterrupt:
            task = asyncio.current_task()
            assert task is not None
            task.cancel()
            await asyncio.sleep(0)
            return ""
        finally:
            signal.signal(signal.SIGINT, before)

    def _taken(self, answer: str, changes: ChangeSet) -> bool | ChangeSet:
        word, _, rest = answer.partition(" ")
        self.letter = ""
        match word.lower():
            case "" | "n" | "no":
                return False
            case "s" | "session" if not rest:
                self.session = True
                return True
            case "y" | "yes" if not rest:
                return True
            case "y" | "yes":
                wanted = rest.replace(",", " ").split()
                if unknown := [name for name in wanted if name not in changes.paths]:
                    self._teller.line(f"Not in this edit: {', '.join(unknown)}. Nothing is written.")
                    return False
                return ChangeSet.of(change for change in changes if change.path in wanted)
            case _:
                self.letter = f"Not approved yet. {answer}"
                return False


def _forget_keys() -> None:
    """What was typed before a question was asked is no answer to it."""
    try:
        import termios
    except ImportError:
        return
    try:
        termios.tcflush(sys.stdin, termios.TCIFLUSH)
    except (termios.error, OSError, ValueError):
        return
