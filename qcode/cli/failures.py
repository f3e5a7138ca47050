"""What becomes of errors: two lines for people, a code for programs."""

from __future__ import annotations

import sys
from collections.abc import Callable

from qcode.errors import QcodeError


def guarded(run: Callable[[], object]) -> int:
    """The exit code that `run` returns, or that its foreseeable failure has."""
    try:
        code = run()
    except QcodeError as error:
        return show(error)
    except KeyboardInterrupt:
        return cancelled()
    except BrokenPipeError:
        # `qcode … | head`: the reader has seen enough. Leave quietly, and keep the interpreter
        # from flushing into the closed pipe on its way out.
        sys.stdout = None
        return 141
    return code if isinstance(code, int) else 0


def show(error: QcodeError) -> int:
    """Print it; its exit code."""
    from qcode.terminal import clean

    sys.stderr.write(f"qcode: {clean(error.message)}\n")
    if error.hint:
        sys.stderr.write(f"  {clean(error.hint)}\n")
    return error.exit_code


def cancelled() -> int:
    """Say so; the exit code of what the user stopped."""
    sys.stderr.write("Cancelled.\n")
    return 130
