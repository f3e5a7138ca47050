"""The pre-commit hook in a repository: installed beside what is there, never instead of it."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from qcode.errors import WorkspaceError
from qcode.workspace import git

_MARK = "# installed by qcode"
_KEPT = "pre-commit.before-qcode"
# What pre-commit renames the hook to that it finds, and goes on running.
_LEGACY = "pre-commit.legacy"


def install(root: Path) -> str:
    """Make the hook; one that was there runs first, and its failure counts.

    Goes where git looks: `core.hooksPath` when it lies in the repository, else the folder that all
    of its worktrees share. Raises WorkspaceError where the folder serves other repositories too,
    and when a hook was set aside earlier and would be lost.
    """
    hook = _hook(root)
    if _ours(hook):
        return "The hook is installed already."
    if _ours(hook.with_name(_LEGACY)):
        return "The hook is installed already: pre-commit runs it."
    hook.parent.mkdir(parents=True, exist_ok=True)
    fresh = hook.with_name("pre-commit.qcode-new")
    fresh.write_text(_script(), "utf-8")
    fresh.chmod(0o755)
    kept = hook.with_name(_KEPT)
    if _is_there(hook):
        if _is_there(kept):
            fresh.unlink()
            raise WorkspaceError(
                f"{kept} is in the way: it is a hook that was set aside earlier.",
                "Move it away, or into the hook that is there now; then try again.",
            )
        hook.rename(kept)
    fresh.replace(hook)
    return f"Installed {hook}."


def status(root: Path) -> str:
    """In a sentence."""
    hook = _hook(root)
    if _ours(hook):
        return f"Installed: {hook}."
    if _ours(hook.with_name(_LEGACY)):
        return f"Installed: {hook.with_name(_LEGACY)}, which pre-commit runs."
    return "Not installed: qcode hook install."


def uninstall(root: Path) -> str:
    """Remove the hook and put back what was there. Raises WorkspaceError when it is not ours."""
    hook = _hook(root)
    if not _ours(hook):
        hook = hook.with_name(_LEGACY)
    if not _ours(hook):
        raise WorkspaceError("There is no hook of qcode here.", "See `qcode hook status`.")
    hook.unlink()
    kept = hook.with_name(_KEPT)
    if _is_there(kept):
        kept.rename(hook)
        return "Removed; the hook that was there before is back."
    return "Removed."


def _script() -> str:
    """Findings stop the commit (exit code 30). What keeps qcode from looking does not, and is said."""
    python = shlex.quote(sys.executable)
    return f"""#!/bin/sh
{_MARK}
before="$(dirname "$0")/{_KEPT}"
if [ -x "$before" ]; then "$before" "$@" || exit $?; fi
if [ ! -x {python} ]; then
    echo "not reviewed: qcode is not installed any more; run qcode hook install again" >&2
    exit 0
fi
{python} -I -c 'from qcode.cli import main; main()' review --staged
code=$?
case $code in
    0) ;;
    30|130) exit 1 ;;
    *) echo "not reviewed: qcode ended with $code" >&2 ;;
esac
"""


def _hook(root: Path) -> Path:
    if not git.available(root):
        raise WorkspaceError(f"{root} is not in a git repository.", "Run git init first.")
    common = (root / git.run(root, "rev-parse", "--git-common-dir").removesuffix("\n")).resolve()
    configured = _hooks_path(root)
    if configured is None:
        return common / "hooks" / "pre-commit"
    top = Path(git.run(root, "rev-parse", "--show-toplevel").removesuffix("\n")).resolve()
    # A relative one starts where git runs hooks: at the top of the work tree.
    folder = (top / configured).resolve()
    if not any(folder.is_relative_to(place) for place in (top, common)):
        raise WorkspaceError(
            f"git takes its hooks from {folder} (core.hooksPath), which is not this repository's own.",
            f"Call `qcode review --staged` in {folder / 'pre-commit'}, or unset core.hooksPath here.",
        )
    return folder / "pre-commit"


def _hooks_path(root: Path) -> str | None:
    """The configured folder. Not `--git-path hooks`: qcode's own git calls point hooks at nowhere,
    which shows up here with the scope "command"."""
    listed = git.run(root, "config", "--show-scope", "--type=path", "-z", "--get-all", "core.hooksPath")
    parts = listed.split("\0")
    return next(
        (value for scope, value in zip(parts[-3::-2], parts[-2::-2], strict=False) if scope != "command"),
        None,
    )


def _ours(hook: Path) -> bool:
    try:
        return _MARK.encode() in hook.read_bytes()
    except OSError:
        return False


def _is_there(hook: Path) -> bool:
    return hook.exists() or hook.is_symlink()
