"""The pre-commit hook in a repository: installed beside what is there, never instead of it."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from qcode.errors import WorkspaceError
from qcode.workspace import git

_MARK = "# installed by qcode"
_KEPT = "pre-commit.before-qcode"


def install(root: Path) -> str:
    """Make the hook; one that was there runs first, and its failure counts."""
    hook = _hook(root)
    if _ours(hook):
        return "The hook is installed already."
    hook.parent.mkdir(parents=True, exist_ok=True)
    if hook.exists():
        hook.rename(hook.with_name(_KEPT))
    python = shlex.quote(sys.executable)
    hook.write_text(
        f"#!/bin/sh\n{_MARK}\n"
        f'before="$(dirname "$0")/{_KEPT}"\n'
        'if [ -x "$before" ]; then "$before" "$@" || exit $?; fi\n'
        f"exec {python} -I -c 'from qcode.cli import main; main()' review --staged\n",
        "utf-8",
    )
    hook.chmod(0o755)
    return f"Installed {hook}."


def status(root: Path) -> str:
    """In a sentence."""
    hook = _hook(root)
    return f"Installed: {hook}." if _ours(hook) else "Not installed: qcode hook install."


def uninstall(root: Path) -> str:
    """Remove the hook and put back what was there. Raises WorkspaceError when it is not ours."""
    hook = _hook(root)
    if not _ours(hook):
        raise WorkspaceError("There is no hook of qcode here.", "See `qcode hook status`.")
    hook.unlink()
    kept = hook.with_name(_KEPT)
    if kept.exists():
        kept.rename(hook)
        return "Removed; the hook that was there before is back."
    return "Removed."


def _hook(root: Path) -> Path:
    if not git.available(root):
        raise WorkspaceError(f"{root} is not in a git repository.", "Run git init first.")
    # Not --git-path hooks: qcode's own git calls point core.hooksPath at nowhere.
    common = Path(git.run(root, "rev-parse", "--git-common-dir").strip())
    return (root / common).resolve() / "hooks" / "pre-commit"


def _ours(hook: Path) -> bool:
    return hook.is_file() and _MARK in hook.read_text("utf-8", "replace")
