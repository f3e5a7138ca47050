"""One file from one content to another in one step, without losing bytes that are the user's.

A finished neighbour of the file is made first and then swapped with it, so that the file is old
or new at every moment, and what was swapped out can be compared with what was expected. The
neighbour's name begins with a hash of the file's: after a crash it is known whose it was.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import os
import secrets
import stat
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from qcode.errors import ApplyError, WorkspaceError
from qcode.messages import Change, sha256
from qcode.workspace.root import checked, is_protected

_NOREPLACE = 1
_EXCHANGE = 2
_AT_FDCWD = -100
_PATIENCE_S = 0.5
"""How long a writer that had the file open before it was swapped out may take to close it."""
_UNSUPPORTED = (errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP)


def live(place: Path) -> bytes | None:
    """What lies at `place`; None: nothing. Raises ApplyError for a link, folder or device."""
    try:
        if not stat.S_ISREG(place.lstat().st_mode):
            raise ApplyError(f"{place.name} is no ordinary file any more.", "Your version was kept.")
        return place.read_bytes()
    except FileNotFoundError:
        return None


def put(real: Path, change: Change, mode: int | None = None) -> None:
    """Bring one file from `before` to `after`. `mode`: permission bits of a file that is created.

    Raises ApplyError if the file is not `before` any more, OSError if it cannot be written; the
    file is then as it was.
    """
    named = checked(real, change.path)
    named.parent.mkdir(parents=True, exist_ok=True)
    with _held(real, named.parent) as folder:
        _put(folder / named.name, change, mode)


def _put(place: Path, change: Change, mode: int | None) -> None:
    temporary = place.with_name(_prefix(place) + secrets.token_hex(2))
    try:
        if change.after is None:
            place.rename(temporary)
            if _still_written(temporary) or temporary.read_bytes() != change.before:
                _restore(temporary, place)
                raise _meanwhile(change)
        elif change.before is None:
            _write(temporary, change.after, None, mode)
            _create(temporary, place)
        else:
            _write(temporary, change.after, place, None)
            _replace(temporary, place, change)
    except FileExistsError as error:
        raise ApplyError(f"{change.path} was made meanwhile.", "Your version was kept; run again.") from error
    finally:
        _discard(temporary, change.before, change.after)


def revert(
    real: Path, changes: Iterable[Change], modes: dict[str, int] | None = None
) -> tuple[list[str], list[str]]:
    """Bring files that are `after` back to `before`; two lists of paths come back.

    First those that are neither, which were left alone; then those that could not be written.
    The last change goes first: each step then finds at least the room that its opposite had, so
    that a disk too full for the change is not too full for its reversal.
    """
    left: list[str] = []
    stuck: list[str] = []
    for change in reversed(list(changes)):
        try:
            place = checked(real, change.path)
            sweep(place, change)
            now = live(place)
            if now == change.before:
                continue
            if now != change.after:
                left.append(change.path)
                continue
            put(real, Change(change.path, change.after, change.before), (modes or {}).get(change.path))
        except ApplyError:
            left.append(change.path)
        except (OSError, WorkspaceError):
            stuck.append(change.path)
    return sorted(left), sorted(stuck)


def sweep(place: Path, change: Change) -> None:
    """Tidy up the neighbours of `place` that a killed apply left behind.

    One that holds foreign bytes was swapped out in the moment between a user's save and its
    discovery: it goes back in the place of what qcode wrote, or else stays.
    """
    if not place.parent.is_dir():
        return
    prefix = _prefix(place)
    for stray in [p for p in place.parent.iterdir() if p.name.startswith(prefix)]:
        if len(stray.name) != len(prefix) + 4 or stray.is_symlink() or not stray.is_file():
            continue
        content = stray.read_bytes()
        # A killed write leaves a beginning of one of the two images.
        if any(image is not None and image.startswith(content) for image in (change.before, change.after)):
            stray.unlink()
        elif live(place) == change.after:
            stray.replace(place)


def _prefix(place: Path) -> str:
    return f".qcode-{sha256(os.fsencode(place.name))[:8]}"


def _write(temporary: Path, content: bytes, like: Path | None, mode: int | None) -> None:
    """`content` on disk for good, with the owner, mode and attributes of `like`."""
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        if like is None:
            os.fchmod(descriptor, (0o666 & ~_umask()) if mode is None else mode)
        else:
            info = like.stat()
            bits = stat.S_IMODE(info.st_mode)
            try:
                os.fchown(descriptor, info.st_uid, info.st_gid)  # root must not take a user's files over
            except PermissionError:
                bits &= 0o777  # setuid would name somebody else now
            os.fchmod(descriptor, bits)
            _copy_attributes(like, temporary)
        file.flush()
        os.fsync(descriptor)


def _copy_attributes(source: Path, target: Path) -> None:
    """Access lists and labels, as far as the system lets us."""
    with contextlib.suppress(OSError, AttributeError):
        for name in os.listxattr(source):
            with contextlib.suppress(OSError):
                os.setxattr(target, name, os.getxattr(source, name))


def _create(temporary: Path, place: Path) -> None:
    """Raises FileExistsError if the name was taken meanwhile."""
    if not _rename(temporary, place, _NOREPLACE):
        os.link(temporary, place)


def _replace(temporary: Path, place: Path, change: Change) -> None:
    if not _rename(temporary, place, _EXCHANGE):
        if live(place) != change.before:
            raise _meanwhile(change)
        temporary.replace(place)
        return
    if not _still_written(temporary) and temporary.read_bytes() == change.before:
        return
    _rename(temporary, place, _EXCHANGE)
    if temporary.read_bytes() != change.after:
        _rename(temporary, place, _EXCHANGE)  # saved twice: the later save is the one to keep
    raise _meanwhile(change)


@contextlib.contextmanager
def _held(real: Path, folder: Path) -> Iterator[Path]:
    """`folder` by a descriptor, checked after it was opened: its name may be given to a link that leads
    out of the tree at any moment, and what is written would follow it. Raises ApplyError if it was."""
    flags = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY
    descriptor = os.open(folder, flags)
    try:
        place = Path(f"/proc/self/fd/{descriptor}")
        if not place.is_dir():  # no Linux: the name has to do
            yield folder
            return
        actual = place.readlink()
        if actual != real and (real not in actual.parents or is_protected(str(actual.relative_to(real)))):
            raise ApplyError(
                f"{folder.name} leads out of the repository.", "It was moved meanwhile; run again."
            )
        yield place
    finally:
        os.close(descriptor)


def _still_written(swapped_out: Path) -> bool:
    """Whether somebody who opened the file under its name goes on writing to it, now that it has
    another: what they write would be thrown away with it. Nobody new can open it.

    A read lease is refused as long as a file is open for writing (fcntl(2)). File systems without
    leases answer "no", as do files of other users.
    """
    if not hasattr(fcntl, "F_SETLEASE"):
        return False
    with swapped_out.open("rb") as file:
        for _ in range(50):
            try:
                fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK)
            except OSError as error:
                if error.errno != errno.EAGAIN:
                    return False
            else:
                fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_UNLCK)
                return False
            time.sleep(_PATIENCE_S / 50)
    return True


def _restore(temporary: Path, place: Path) -> None:
    # Made anew in the same moment: both are the user's, and both stay.
    with contextlib.suppress(FileExistsError):
        _create(temporary, place)


def _discard(temporary: Path, *images: bytes | None) -> None:
    """Remove the neighbour unless it holds what exists nowhere else."""
    with contextlib.suppress(FileNotFoundError):
        content = temporary.read_bytes()
        if temporary.stat().st_nlink > 1 or any(i is not None and i.startswith(content) for i in images):
            temporary.unlink()


def _meanwhile(change: Change) -> ApplyError:
    return ApplyError(f"{change.path} changed meanwhile.", "Your version was kept; run again.")


def _rename(one: Path, other: Path, flag: int) -> bool:
    """renameat2(2) with `flag`. False where the kernel or the file system does not know it."""
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "renameat2"):
        return False
    if libc.renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), flag) == 0:
        return True
    number = ctypes.get_errno()
    if number in _UNSUPPORTED:
        return False
    raise OSError(number, os.strerror(number), str(other))


def _umask() -> int:
    # There is no way to read it but to set it; qcode's threads make no files at that moment.
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
