"""What a command may see: its environment, what is hidden from it, what it may read and write."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from qcode.secrecy import is_secret

# Bytes, processes: far above what tests need, far below what hurts the machine. Not the address
# space: several runtimes reserve terabytes of it that they never touch.
FILE_LIMIT = 2 * 1024**3
LEAST_MEMORY = 4 * 1024**3
PROCESS_LIMIT = 4096
_ENVIRONMENT = ("PATH", "LANG", "LANGUAGE", "TERM", "TZ", "VIRTUAL_ENV", "CONDA_PREFIX", "USER", "LOGNAME")
_SECRETS = (".ssh", ".gnupg", ".aws", ".azure", ".kube", ".docker", ".netrc", ".config/gh", ".config/gcloud",
            ".config/glab-cli", ".config/op", ".config/qcode", ".config/google-chrome", ".config/chromium",
            ".git-credentials", ".config/git/credentials", ".pypirc", ".npmrc", ".cargo/credentials.toml",
            ".cargo/credentials", ".gem/credentials", ".m2/settings.xml", ".mozilla", ".password-store",
            ".local/share/keyrings", ".vault-token", ".terraform.d", ".cache/huggingface/token", ".pgpass",
            ".my.cnf", ".bash_history", ".zsh_history", ".python_history", ".env")  # fmt: skip
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/etc", "/opt", "/nix", "/snap", "/proc",
           "/sys", "/dev/urandom", "/dev/random", "/Library", "/System", "/private/etc")  # fmt: skip
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/shm", "/dev/tty", "/dev/ptmx", "/dev/pts")
_TOOLCHAINS = (".pyenv", ".rustup", ".cargo/bin", ".cargo/registry", ".nvm", ".volta", ".sdkman", "go/pkg", ".local/bin",
               ".local/share/uv", ".local/share/mise", ".local/pipx", ".local/share/pipx", ".m2/repository",
               ".gradle/wrapper")  # fmt: skip


def environment(home: Path, temporary: Path | None = None) -> dict[str, str]:
    """An allow-list: keys and tokens of the user's shell are no business of a test run."""
    given = {
        name: value for name, value in os.environ.items() if name in _ENVIRONMENT or name.startswith("LC_")
    }
    # Python may write compiled files, as it would outside: they end in the layer. Those that were
    # there before and could be taken for an edited source are removed with the edit.
    own = {"HOME": str(home), "NO_COLOR": "1"}
    return {**given, **own, **({"TMPDIR": str(temporary)} if temporary else {})}


def limits() -> dict[str, int]:
    """RLIMIT name -> value. One process may have three quarters of the machine's memory as data."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") * 3 // 4
    return {
        "CORE": 0,
        "FSIZE": FILE_LIMIT,
        "DATA": max(LEAST_MEMORY, memory),
        "NPROC": PROCESS_LIMIT,
    }


def homes() -> set[Path]:
    """The user's home, by the environment and by the system's account."""
    found = {Path.home()}
    with contextlib.suppress(KeyError):
        found.add(Path(pwd.getpwuid(os.getuid()).pw_dir))
    return found


def masked(root: Path, scratch: Path) -> list[str]:
    """What is hidden: files with secrets, and sockets, since a read-only mount does not keep
    anybody from talking to a daemon. Never a folder that holds the tree or the scratch folder."""
    found = {home / name for home in homes() for name in _SECRETS}
    found.update(Path(value) for name, value in os.environ.items() if name == "SSH_AUTH_SOCK" and value)
    found.update(_sockets())
    found.update(hidden_in(root))
    kept = {root, *root.parents, scratch, *scratch.parents}
    hidden = []
    for path in sorted(found):
        with contextlib.suppress(OSError):
            if path.exists() and path.resolve() not in kept:
                hidden.append(str(path.resolve()))
    return hidden


def hidden_in(root: Path) -> list[Path]:
    """Files of the tree's two upper levels that hold secrets by their name, unless git has them: what
    is committed is no secret, and tests may need it. Without git only the uppermost level's, since
    nothing tells a fixture from a key."""
    from qcode.errors import WorkspaceError
    from qcode.workspace import git

    found = []
    known = git.available(root)
    with contextlib.suppress(OSError):
        for entry in os.scandir(root):
            if entry.is_dir(follow_symlinks=False):
                if not known or entry.name == ".git":
                    continue
                with contextlib.suppress(OSError):
                    found += [inner.path for inner in os.scandir(entry.path) if is_secret(inner.name)]
            elif is_secret(entry.name):
                found.append(entry.path)
    if found and known:
        with contextlib.suppress(WorkspaceError):
            names = [os.path.relpath(path, root) for path in found]
            tracked = git.run(root, "ls-files", "-z", "--cached", "--", *names).split("\0")
            found = [path for path, name in zip(found, names, strict=True) if name not in tracked]
    return [Path(path) for path in found]


def readable(command: Sequence[str], root: Path) -> list[str]:
    """What a command needs to start where nothing but a list can be read: the system and the
    toolchains, never the home or the tree itself."""
    found = [Path(place) for place in _SYSTEM]
    program = shutil.which(command[0]) or command[0]
    for place in (Path(root, program), Path(root, program).resolve(), Path(sys.executable).resolve()):
        # A toolchain's other folders lie beside its bin; elsewhere the program's own folder must do.
        found.append(place.parent.parent if place.parent.name in ("bin", "sbin") else place.parent)
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        place = Path(folder)
        found += [place, place.parent] if place.name in ("bin", "sbin", "shims") else [place]
    found += [Path(os.environ[name]) for name in ("VIRTUAL_ENV", "CONDA_PREFIX") if os.environ.get(name)]
    found += [Path(sys.prefix), Path(sys.base_prefix)]
    found += [home / name for home in homes() for name in _TOOLCHAINS]
    never = {root, *root.parents}
    for home in homes():
        never |= {home, *home.parents}
    return sorted({str(p) for p in found if p.is_absolute() and p not in never and p.resolve() not in never})


def devices() -> list[str]:
    """The devices that any command may write to."""
    return [path for path in _DEVICES if Path(path).exists()]


def _sockets() -> list[Path]:
    """The sockets with a path on which somebody listens now."""
    try:
        lines = Path("/proc/net/unix").read_text("utf-8", "replace").splitlines()[1:]
    except OSError:
        return []
    named = (line.split(maxsplit=7)[-1] for line in lines if len(line.split(maxsplit=7)) == 8)
    return [Path(name) for name in named if name.startswith("/") and not name.startswith("/run/")]
