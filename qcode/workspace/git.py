"""Git, hardened: nothing that a repository configures is executed by qcode's own calls.

A repository can name programs in its own configuration (fsmonitor, hooks, filters, external
diffs, pagers, signing …) that plain `git status` or `git diff` would run: published as "GitSpawn"
against several assistants. Fixed settings go in through the environment, which outranks files;
filter and merge drivers have free names, so those of the repository are listed first (reading
configuration executes nothing) and blanked one by one.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from qcode.errors import WorkspaceError

if TYPE_CHECKING:
    from git import Git

_FIXED = {
    "core.fsmonitor": "false",
    "core.hooksPath": "/dev/null",
    "core.pager": "cat",
    "core.editor": "false",
    "core.sshCommand": "false",
    "core.askPass": "",
    "core.attributesFile": "/dev/null",
    "credential.helper": "",
    "diff.external": "",
    "gpg.program": "false",
    "log.showSignature": "false",
    "protocol.allow": "never",
    "submodule.recurse": "false",
    "uploadpack.packObjectsHook": "",
}
_ENTER_SUBMODULES = ("status", "diff", "diff-index", "diff-files")
"""These start a git of their own in each submodule, which obeys that one's configuration."""
_DRIVERS = ("filter.", "merge.", "diff.", "textconv.", "pager.", "alias.", "credential.", "gpg.")
_COMMAND_KEYS = (".clean", ".smudge", ".process", ".driver", ".command", ".textconv", ".program", ".helper")
MAX_BLOB = 10_000_000

Staged = list[tuple[str, bytes | None, bytes | None]]
"""(path, before, after); None: the file is not there on that side."""


def available(root: Path) -> bool:
    """Whether there is a git, and `root` lies in one of its work trees."""
    if _binary(root) is None:
        return False
    folder = root.resolve()
    return any((f / ".git").exists() for f in (folder, *folder.parents))


def run(root: Path, *args: str) -> str:
    """The output of one git command in `root`, undecodable bytes as surrogates.

    Raises WorkspaceError with git's first line when it fails.
    """
    return run_bytes(root, *args).decode("utf-8", "surrogateescape")


def run_bytes(root: Path, *args: str, stdin: bytes = b"") -> bytes:
    """The same as bytes, unstripped."""
    git, environment = _prepared(root)
    from git.exc import GitCommandError, GitCommandNotFound

    if args[0] in _ENTER_SUBMODULES:
        # As an argument: a repository's own submodule.NAME.ignore outranks the setting.
        args = (args[0], "--ignore-submodules=all", *args[1:])
    try:
        with tempfile.TemporaryFile() as given:
            given.write(stdin)
            given.seek(0)
            done = git.execute(
                [str(_binary(root)), *args],
                istream=given,
                env=environment,
                with_extended_output=False,
                as_process=False,
                stdout_as_string=False,
                strip_newline_in_stdout=False,
            )
    except (GitCommandError, GitCommandNotFound, OSError) as error:
        said = str(getattr(error, "stderr", "") or error).strip().removeprefix("stderr:").strip(" '\n")
        first = said.splitlines()[0] if said else "no reason given"
        raise WorkspaceError(
            f"git {args[0]} failed: {first}.", "Run the same command by hand to see more."
        ) from error
    return done if isinstance(done, bytes) else str(done).encode("utf-8", "surrogateescape")


def files(root: Path) -> list[str]:
    """Tracked and untracked files below `root` that are not ignored, relative to it."""
    listed = run(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate")
    return [name for name in listed.split("\0") if name]


def staged(root: Path) -> Staged:
    """What the next commit would change: index blobs against HEAD (or nothing, before the first)."""
    return _between(root, ["diff-index", "--cached", head(root)])


def range_changes(root: Path, revisions: str) -> Staged:
    """What `revisions` (`A..B`, `A...B`, or one commit) changed.

    Raises WorkspaceError when an end is no name of a commit: git would take `A..--output=x` apart
    for an option, and write the file.
    """
    ends = revisions.replace("...", "..").split("..")
    if "\0" in revisions or len(ends) > 2 or any(end.startswith("-") for end in ends):
        raise WorkspaceError(f"{revisions!r} names no commits.", "Give a range such as main..HEAD.")
    if ".." not in revisions:
        revisions = f"{revisions}~1..{revisions}"
    left, _, right = revisions.partition("...") if "..." in revisions else revisions.partition("..")
    left, right = left or "HEAD", right or "HEAD"
    if "..." in revisions:
        left = run(root, "merge-base", left, right).strip()
    return _between(root, ["diff-tree", "-r", left, right])


def worktree_changes(root: Path) -> Staged:
    """All uncommitted changes of tracked files, and untracked files, as they are on disk.

    A link counts as absent: what it points to is no part of the change, and may lie anywhere.
    Raises WorkspaceError when a file cannot be read.
    """
    old = {name: before for name, before, _ in _raw(root, ["diff-index", head(root)])}
    names = run(root, "ls-files", "-z", "--others", "--exclude-standard").split("\0")
    old |= {name: None for name in names if name and name not in old}
    blobs = _blobs(root, [blob for blob in old.values() if blob])
    both = [(name, blobs.get(old[name] or ""), on_disk(root / name)) for name in sorted(old)]
    # Without taking the index's lock git cannot tell a touched file from a changed one.
    return [change for change in both if change[1] is None or change[1] != change[2]]


def blobs_of(root: Path, revision: str, paths: Sequence[str]) -> dict[str, bytes]:
    """path -> content in `revision`, or in the index for ""; links and what is not there are left out."""
    listed = run(
        root, *(("ls-tree", "-r", "-z", revision) if revision else ("ls-files", "-s", "-z", "--cached"))
    )
    wanted, names = set(paths), dict[str, tuple[str, str]]()
    for row in filter(None, listed.split("\0")):
        about, _, path = row.partition("\t")
        # ls-tree: mode, kind, name; ls-files: mode, name, stage.
        mode, *rest = about.split(" ")
        if path in wanted:
            names[path] = mode, rest[1 if revision else 0]
    blobs = {path: blob for path, (mode, name) in names.items() if (blob := _blob(mode, name))}
    contents = _blobs(root, list(blobs.values()))
    return {path: contents[blob] for path, blob in blobs.items() if blob in contents}


def on_disk_as_staged(root: Path) -> dict[str, bool]:
    """path in the index -> whether the work tree is known to hold the same there.

    Git judges by time and size. No is said as well of conflicts, of what a sparse checkout leaves
    out, and of what the user told git to take for unchanged.
    """
    same: dict[str, bool] = {}
    for row in filter(None, run(root, "ls-files", "-z", "-v", "--cached", "--modified").split("\0")):
        tag, path = row[:1], row[2:]
        same[path] = tag == "H" and path not in same
    return same


def on_disk(path: Path) -> bytes | None:
    """The bytes of an ordinary file; None for what is not there, no ordinary file, or larger than MAX_BLOB."""
    try:
        info = path.lstat()
        return path.read_bytes() if stat.S_ISREG(info.st_mode) and info.st_size <= MAX_BLOB else None
    except FileNotFoundError:
        return None
    except OSError as error:
        raise WorkspaceError(
            f"{path} cannot be read: {error.strerror}.", "Make it readable, or have git ignore it."
        ) from error


def _between(root: Path, command: list[str]) -> Staged:
    found = _raw(root, command)
    blobs = _blobs(root, [blob for _, *pair in found for blob in pair if blob])
    return [(name, blobs.get(old or ""), blobs.get(new or "")) for name, old, new in found]


def _raw(root: Path, command: list[str]) -> list[tuple[str, str | None, str | None]]:
    """(path, name of the blob before, and after) of every file that `command` lists."""
    raw = run(
        root, command[0], "-z", "--raw", "--no-renames", "--no-ext-diff", "--no-textconv", "--abbrev=64", "--relative",
        *command[1:],
    )  # fmt: skip
    parts = [p for p in raw.split("\0") if p]
    found: list[tuple[str, str | None, str | None]] = []
    for info, name in zip(parts[::2], parts[1::2], strict=True):
        old_mode, new_mode, old, new, _ = info.lstrip(":").split(" ")
        found.append((name, _blob(old_mode, old), _blob(new_mode, new)))
    return found


def _blob(mode: str, name: str) -> str | None:
    """None: absent, a link, a submodule, or (all zeros) only on disk."""
    return name if mode in ("100644", "100755") and name.strip("0") else None


def _blobs(root: Path, names: list[str]) -> dict[str, bytes]:
    """name -> content, in one process however many there are."""
    if not names:
        return {}
    listed = "".join(f"{name}\n" for name in dict.fromkeys(names))
    answer = memoryview(run_bytes(root, "cat-file", "--batch", stdin=listed.encode()))
    found: dict[str, bytes] = {}
    at = 0
    while at < len(answer):
        end = at + bytes(answer[at : at + 100]).index(b"\n")
        name, kind, *size = bytes(answer[at:end]).decode().split(" ")
        if kind != "blob":
            raise WorkspaceError(f"git has no object {name}.", "The repository is damaged: try git fsck.")
        found[name] = bytes(answer[end + 1 : end + 1 + int(size[0])])
        at = end + int(size[0]) + 2
    return found


def head(root: Path) -> str:
    """The commit that stands, or the empty tree's name before the first."""
    try:
        return run(root, "rev-parse", "--verify", "--quiet", "HEAD").strip()
    except WorkspaceError:
        return run(root, "hash-object", "-t", "tree", "/dev/null").strip()


def _binary(root: Path) -> Path | None:
    """Git from PATH, as an absolute path that does not lie in the workspace."""
    inside = root.resolve()
    folders = [f for f in os.environ.get("PATH", os.defpath).split(os.pathsep) if Path(f).is_absolute()]
    for folder in folders:
        found = shutil.which("git", path=folder)
        if found and inside not in Path(found).resolve().parents:
            return Path(found)
    return None


def _prepared(root: Path) -> tuple[Git, dict[str, str]]:
    binary = _binary(root)
    if binary is None:
        raise WorkspaceError(
            "git is not installed.", "Install git; without it only plain folders are understood."
        )
    # GitPython runs the first git on PATH when it is imported, which may be the repository's own.
    os.environ["GIT_PYTHON_REFRESH"] = "quiet"
    os.environ["GIT_PYTHON_GIT_EXECUTABLE"] = str(binary)
    from git import Git

    git = Git(root)
    listed = git.execute(
        [str(binary), "config", "--list", "--name-only", "-z", "--show-scope"],
        env=_environment({}), with_exceptions=False, stdout_as_string=False, strip_newline_in_stdout=False,
    )  # fmt: skip
    names = listed.decode("utf-8", "surrogateescape") if isinstance(listed, bytes) else str(listed)
    parts = names.split("\0")
    settings = dict(_FIXED)
    for scope, name in zip(parts[::2], parts[1::2], strict=False):
        if scope in ("local", "worktree") and name.startswith(_DRIVERS) and name.endswith(_COMMAND_KEYS):
            settings[name] = ""
        elif scope in ("local", "worktree") and name.startswith("filter.") and name.endswith(".required"):
            settings[name] = "false"  # or git would miss the filter that was taken away
    return git, _environment(settings)


def _environment(settings: Mapping[str, str]) -> dict[str, str]:
    environment = {
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_PAGER": "cat",
        "GIT_EDITOR": "false",
        "GIT_EXTERNAL_DIFF": "",
        "GIT_ASKPASS": "",
        "GIT_NO_LAZY_FETCH": "1",
        # Outranks protocol.NAME.allow, which a repository may set; older gits fetch all the same.
        "GIT_ALLOW_PROTOCOL": "",
        "LC_ALL": "C.UTF-8",
        "GIT_CONFIG_COUNT": str(len(settings)),
    }
    for number, (key, value) in enumerate(settings.items()):
        environment[f"GIT_CONFIG_KEY_{number}"] = key
        environment[f"GIT_CONFIG_VALUE_{number}"] = value
    return environment
