"""Bring a model here: from the catalog by name, from any repository of an endpoint, or from a path.

`pull` is an iterator of Progress, so that a command line and a screen can show it alike, and closing
it stops it. Which files: the GGUF file of one quantisation (all its parts), or of a repository of
safetensors everything that an engine reads.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path, PurePosixPath

import httpx

from qcode.backends.catalog import family, store
from qcode.backends.catalog.download import CHUNK, Progress, check_room, download, settle
from qcode.backends.catalog.machine import Machine, look
from qcode.backends.catalog.plan import gib, recommend
from qcode.backends.catalog.remote import (
    Endpoint,
    Listing,
    RemoteFile,
    is_repository,
    refuse_offline,
    safe_path,
)
from qcode.backends.catalog.store import Installed
from qcode.backends.gguf import SPLIT, examine, examine_part
from qcode.config.places import paths
from qcode.errors import BackendError, ModelFileError, UsageError

_READ_BY_ENGINES = (".safetensors", ".json", ".txt", ".jinja", ".model")
_USUAL = ("Q4_K_M", "Q4_K_S", "Q5_K_M", "Q6_K", "Q8_0")
"""In which order a quantisation is taken where the user named none."""


def pull(
    what: str,
    *,
    quantisation: str = "",
    file: str = "",
    endpoint: str = "",
    revision: str = "main",
    offline: bool = False,
    anyway: bool = False,
    patience_s: float = 1.0,
) -> Iterator[Progress]:
    """Bring `what` here: a name of the catalog, OWNER/NAME, or a path. It blocks while it waits for
    the network or the disk.

    `file` picks one file of the repository; `anyway` takes also what this machine cannot hold. The
    last Progress has the model. Raises UsageError, ConfigError, BackendError, ModelFileError; after
    any of them nothing is installed, and a part of a download is kept for the next call.
    """
    path = Path(what).expanduser()
    model = family.find(what)
    if model is None and (path.exists() or what.startswith(("/", "./", "../", "~"))):
        yield from _copy(path, quantisation, file, anyway)
        return
    refuse_offline(offline)
    if model is None and not is_repository(what):
        model = family.known(what)  # raises, and names the nearest one
    if model is not None and not quantisation and not file:
        quantisation = _recommended(model)
    repository = model.repository if model else what
    with Endpoint(endpoint) as server:
        yield Progress("listing", note=f"{repository} on {server.host}")
        if os.environ.get("HF_TOKEN") and not server.token:
            yield Progress("listing", note="HF_TOKEN is not sent: this endpoint speaks plain http.")
        try:
            listing = server.listing(repository, revision)
        except httpx.HTTPError as error:
            raise BackendError(
                f"{server.host} cannot be reached: {error}.", "Check the network, or use --endpoint MIRROR."
            ) from error
        wanted = choose(listing.files, quantisation, file)
        try:
            yield from _bring(server, listing, wanted, anyway, patience_s)
        except OSError as error:
            raise BackendError(
                f"{error.filename or paths().models} cannot be written: {error.strerror}.",
                "Check that folder, or set QCODE_MODELS to another.",
            ) from error


def _recommended(model: family.Model) -> str:
    best = recommend(look()).option
    return best.quantisation if best and best.model.size == model.size else "Q4_K_M"


def choose(files: Sequence[RemoteFile], quantisation: str, file: str) -> list[RemoteFile]:
    """The files of one model. Raises UsageError, which names the choices, ModelFileError for a name
    that must not be written."""
    ours = [f for f in files if f.path.lower().endswith(".gguf") and "mmproj" not in f.path.lower()]
    if file:
        if not (one := [f for f in files if f.path == file]):
            raise UsageError(f"There is no file {file!r} in it.", f"There are: {_names(files)}.")
        return [_safe(f) for f in (_parts(one[0], ours) if one[0] in ours else one)]
    if not ours:
        flat = [f for f in files if "/" not in f.path and f.path.endswith(_READ_BY_ENGINES)]
        if not any(f.path.endswith(".safetensors") for f in flat):
            raise UsageError("It has no GGUF and no safetensors file.", f"There are: {_names(files)}.")
        return [_safe(f) for f in flat if not f.path.startswith(".")]
    for wanted in (quantisation,) if quantisation else _USUAL:
        if hits := [f for f in ours if quantisation_of(f.path) == wanted.upper()]:
            # Of two with the same mark the plain one: `UD-Q4_K_XL` and such are asked for by --file.
            return [_safe(f) for f in _parts(min(hits, key=lambda f: (len(f.path), f.path)), ours)]
    if len(ours) == 1 and not quantisation:
        return [_safe(ours[0])]
    raise UsageError(
        f"There is no {quantisation or 'usual quantisation'} in it.",
        f"There are: {', '.join(sorted({q for f in ours if (q := quantisation_of(f.path))})) or _names(ours)}.",
    )


def quantisation_of(path: str) -> str:
    """The quantisation in a GGUF file's name, in capitals; empty where there is none."""
    found = re.search(
        r"(?:^|[-._/])((?:UD-)?(?:I?Q\d\w*|BF16|F16|F32|MXFP4\w*))(?=[-.])", path, re.IGNORECASE
    )
    return found[1].upper() if found else ""


def _parts(first: RemoteFile, files: Sequence[RemoteFile]) -> list[RemoteFile]:
    """All parts of a split file, in order. Raises ModelFileError when one is missing."""
    if not (split := SPLIT.search(first.path)):
        return [first]
    count, stem = int(split[2]), first.path[: split.start()]
    names = [f"{stem}-{n:05}-of-{count:05}.gguf" for n in range(1, count + 1)]
    there = {f.path: f for f in files}
    if missing := [n for n in names if n not in there]:
        raise ModelFileError(f"{missing[0]} is missing on the endpoint.", "Choose another quantisation.")
    return [there[n] for n in names]


def _safe(file: RemoteFile) -> RemoteFile:
    safe_path(file.path)
    return file


def _names(files: Sequence[RemoteFile]) -> str:
    return ", ".join(f.path for f in files[:8]) + (" …" if len(files) > 8 else "") or "none"


def _bring(
    server: Endpoint, listing: Listing, wanted: list[RemoteFile], anyway: bool, patience_s: float
) -> Iterator[Progress]:
    for file in wanted:
        if not file.sha256 and not file.blob:
            raise ModelFileError(
                f"{server.host} gives no checksum of {file.path}: it is not downloaded.",
                "Use an endpoint whose tree API gives sizes and sha256.",
            )
    check_machine(sum(f.size for f in wanted), wanted[0].path, anyway, look())
    folder = paths().models / listing.repository
    folder.mkdir(parents=True, exist_ok=True)
    made = _model(folder, listing, server.url, wanted)
    before = next((m for m in store.installed() if m.record == made.record), None)
    check_room(folder, sum(f.size for f in wanted) - _there(folder, wanted))
    for file in wanted:
        target = folder / file.path
        known = dict(zip(before.files, before.checksums, strict=True)) if before else {}
        if target.exists() and target.stat().st_size == file.size and known.get(file.path) == _sum(file):
            yield Progress("checking", file.path, file.size, file.size, f"{file.path} is here already")
            continue
        yield from download(server, server.address(listing, file), file, target, patience_s=patience_s)
        _examine(target)
    store.write_record(made)
    yield Progress("done", made.name, made.size, made.size, model=made)


def check_machine(size: int, name: str, anyway: bool, machine: Machine) -> None:
    """Raises ModelFileError for weights that neither memory of this machine can hold."""
    if size > max(machine.total, max((g.total for g in machine.gpus), default=0)) and not anyway:
        raise ModelFileError(
            f"{name} is too big for this machine: {gib(size)} of weights, {gib(machine.total)} of RAM.",
            "Choose a smaller one (qcode models plan), or --anyway for another machine.",
        )


def _there(folder: Path, wanted: list[RemoteFile]) -> int:
    """Bytes that need not come any more."""
    count = 0
    for file in wanted:
        for path in (folder / file.path, folder / f"{file.path}.part"):
            if path.exists():
                count += min(path.stat().st_size, file.size)
    return count


def _examine(path: Path) -> None:
    """A file whose header no engine would take is not kept."""
    if path.suffix.lower() == ".gguf":
        try:
            examine_part(path) if _is_later_part(path.name) else examine(path)
        except ModelFileError as error:
            path.unlink()
            raise ModelFileError(f"{error.message} It was not kept.", error.hint) from error


def _is_later_part(name: str) -> bool:
    return bool((split := SPLIT.search(name)) and int(split[1]) > 1)


def _sum(file: RemoteFile) -> str:
    return file.sha256 or file.blob


def _model(folder: Path, listing: Listing, source: str, wanted: list[RemoteFile]) -> Installed:
    first = PurePosixPath(wanted[0].path)
    is_folder = any(f.path.endswith(".safetensors") for f in wanted)
    name = listing.repository.rpartition("/")[2] if is_folder else SPLIT.sub("", first.name)
    name = name.removesuffix(".gguf")
    record = store.record_for(folder, name)
    return Installed(
        name, folder if is_folder else folder / first, listing.repository, source, listing.commit,
        sum(f.size for f in wanted), tuple(f.path for f in wanted), tuple(map(_sum, wanted)), record,
    )  # fmt: skip


def _copy(path: Path, quantisation: str, file: str, anyway: bool) -> Iterator[Progress]:
    """From this machine: a file, or a folder that is laid out like a repository."""
    try:
        path = path.resolve(strict=True)
        base = path if path.is_dir() else path.parent
        found = [path] if path.is_file() else [p for p in sorted(base.rglob("*")) if p.is_file()]
        sizes = {str(p.relative_to(base)): p.stat().st_size for p in found}
    except OSError as error:
        raise ModelFileError(f"{path} cannot be read: {error.strerror}.", "Check the path.") from error
    files = [RemoteFile(name.replace(os.sep, "/"), size) for name, size in sizes.items()]
    wanted = [_safe(files[0])] if path.is_file() else choose(files, quantisation, file)
    for one in wanted:
        if one.path.lower().endswith(".gguf") and not _is_later_part(one.path):
            examine(base / one.path)
    total = sum(f.size for f in wanted)
    check_machine(total, wanted[0].path, anyway, look())
    folder = paths().models / "local" / re.sub(r"[^\w.-]", "_", base.name or "root")
    folder.mkdir(parents=True, exist_ok=True)
    check_room(folder, total)
    sums: list[str] = []
    for one in wanted:
        sums.append((yield from _copy_one(base / one.path, folder / one.path, one)))
    summed = [RemoteFile(f.path, f.size, s) for f, s in zip(wanted, sums, strict=True)]
    made = _model(folder, Listing(f"local/{folder.name}", "", ()), str(path), summed)
    store.write_record(made)
    yield Progress("done", made.name, made.size, made.size, model=made)


def _copy_one(source: Path, target: Path, file: RemoteFile) -> Generator[Progress, None, str]:
    """Copy one file; its sha256 is returned. Raises ModelFileError when it changes meanwhile."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    digest = hashlib.sha256()
    done = 0
    try:
        with source.open("rb") as reading, part.open("wb") as writing:
            before = os.fstat(reading.fileno())
            while piece := reading.read(CHUNK):
                writing.write(piece)
                digest.update(piece)
                done += len(piece)
                yield Progress("copying", file.path, done, file.size)
            after = os.fstat(reading.fileno())
            writing.flush()
            os.fsync(writing.fileno())
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or done != file.size:
            raise ModelFileError(f"{source} changed while it was copied.", "Pull it again when it is still.")
        settle(part, target)
    except OSError as error:
        raise BackendError(f"{source} cannot be copied: {error.strerror}.", "Make room, then pull again.") from error  # fmt: skip
    finally:
        part.unlink(missing_ok=True)
    return digest.hexdigest()
