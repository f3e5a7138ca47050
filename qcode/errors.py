"""The errors that a user may meet, each with what happened, what to do, and an exit code.

    QcodeError                 1   anything foreseeable that has no better name
    ├── UsageError             2   the request or the options make no sense
    ├── ConfigError            3   a settings file or key is wrong
    ├── WorkspaceError         4   the tree cannot be read, or is not what it must be
    │   └── ApplyError         5   a change could not be written; the tree is as it was
    ├── BackendError           6   an engine failed or is missing
    │   ├── ModelFileError     7   the weights are missing, damaged or foreign
    │   └── ContextOverflow    8   the prompt does not fit, and was not sent
    ├── SandboxError           9   a command could not be run safely
    └── RefactorError         10   the refactoring refused; nothing was changed

Everything else that escapes is a bug, and shows its traceback. The stops of a run that are no
errors (tests failed, nothing to do, not approved …) have codes of their own: see
`qcode.messages.Stop`.
"""

from __future__ import annotations


class QcodeError(Exception):
    """A foreseeable failure: `message` says what happened, `hint` what to do about it."""

    exit_code = 1
    code = "error"

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(QcodeError):
    exit_code = 2
    code = "usage"


class ConfigError(QcodeError):
    exit_code = 3
    code = "config"


class WorkspaceError(QcodeError):
    exit_code = 4
    code = "workspace"


class ApplyError(WorkspaceError):
    exit_code = 5
    code = "apply"


class BackendError(QcodeError):
    exit_code = 6
    code = "backend"


class ModelFileError(BackendError):
    exit_code = 7
    code = "model-file"


class ContextOverflow(BackendError):
    exit_code = 8
    code = "context-overflow"


class SandboxError(QcodeError):
    exit_code = 9
    code = "sandbox"


class RefactorError(QcodeError):
    exit_code = 10
    code = "refactor"
