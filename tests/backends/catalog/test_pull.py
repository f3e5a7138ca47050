"""Pulling: interrupted, changed, lied to, and redirected, over real connections."""

from __future__ import annotations

import errno
import hashlib
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qcode.backends import nano
from qcode.backends.catalog import store
from qcode.backends.catalog.download import Progress
from qcode.backends.catalog.pull import check_machine, choose, pull, quantisation_of
from qcode.backends.catalog.remote import Endpoint, RemoteFile, _redirected, safe_path
from qcode.backends.catalog.store import Installed
from qcode.cli.app import app
from qcode.config.places import paths
from qcode.errors import BackendError, ConfigError, ModelFileError, QcodeError, UsageError

from .hub import Hub, serve

NANO = nano.file()
REPOSITORY = "someone/Tiny-GGUF"
WHOLE = NANO.read_bytes()


@pytest.fixture
def hub() -> Iterator[Hub]:
    files = {
        "README.md": b"tiny",
        "Tiny-Q8_0.gguf": WHOLE,
        "mmproj-F16.gguf": b"GGUF" * 100,
        "Tiny-Q4_K_M.gguf": WHOLE,
    }
    with serve(files) as made:
        yield made


def drain(steps: Iterator[Progress]) -> Installed:
    *_, last = steps
    assert last.stage == "done" and last.model is not None
    return last.model


def bring(hub: Hub, what: str = REPOSITORY, **more: object) -> Installed:
    return drain(pull(what, endpoint=hub.url, patience_s=0.001, **{"quantisation": "Q8_0", **more}))  # type: ignore[arg-type]


def left_over() -> list[str]:
    return sorted(p.name for p in paths().models.rglob("*") if p.is_file())


def test_a_model_is_pulled_found_used_and_removed(hub: Hub) -> None:
    made = bring(hub)
    assert made.path.read_bytes() == WHOLE and made.name == "Tiny-Q8_0" and made.whole
    assert made.checksums == (hashlib.sha256(WHOLE).hexdigest(),)
    assert store.installed() == [made] == [store.find("tiny-q8_0")] == [store.find(REPOSITORY)]
    before = len(hub.seen)
    assert bring(hub) == made and all("/blob/" not in path for _, path, _ in hub.seen[before:])
    with pytest.raises(UsageError, match="Tiny-Q8_0"):
        store.find("other")
    run = CliRunner()
    assert run.invoke(app, ["models", "use", "tiny-q8_0"]).exit_code == 0
    listed = run.invoke(app, ["models", "list"]).output
    assert "Tiny-Q8_0" in listed and "(agent)" in listed
    refused = run.invoke(app, ["models", "remove", "tiny-q8_0"])
    assert isinstance(refused.exception, UsageError) and made.path.exists()
    assert run.invoke(app, ["models", "remove", "tiny-q8_0", "--force"]).exit_code == 0
    assert not left_over() and not made.path.parent.exists()


def test_a_damaged_model_is_said_to_be_and_can_be_removed(hub: Hub) -> None:
    made = bring(hub)
    made.path.write_bytes(WHOLE[:-5])
    with pytest.raises(ModelFileError, match="missing or changed"):
        store.find("tiny-q8_0")
    assert "damaged" in CliRunner().invoke(app, ["models", "list"]).output
    assert CliRunner().invoke(app, ["models", "remove", "tiny-q8_0"]).exit_code == 0
    assert not left_over()


def test_a_model_of_the_catalog_answers_to_its_short_name(hub: Hub) -> None:
    hub.files = {"Qwen3.5-2B-Q4_K_M.gguf": WHOLE, "Qwen3.5-2B-Q8_0.gguf": WHOLE}
    made = bring(hub, "2b", quantisation="Q4_K_M")
    assert made.repository == "unsloth/Qwen3.5-2B-GGUF"
    assert CliRunner().invoke(app, ["models", "use", "2b"]).exit_code == 0
    assert str(made.path) in CliRunner().invoke(app, ["models", "list"]).output
    assert CliRunner().invoke(app, ["models", "remove", "2b", "--force"]).exit_code == 0
    assert not left_over()


def test_the_default_is_the_usual_quantisation(hub: Hub) -> None:
    assert bring(hub, quantisation="").name == "Tiny-Q4_K_M"


@pytest.mark.parametrize("seed", [0, *(pytest.param(n, marks=pytest.mark.slow) for n in range(1, 8))])
def test_twenty_interruptions_end_in_the_same_bytes(hub: Hub, seed: int) -> None:
    """Of both kinds: the connection breaks, and the user stops the pull and starts it again."""
    chance = random.Random(seed)
    breaks = [chance.randrange(1, len(WHOLE) // 15) for _ in range(20)]
    hub.break_after = lambda: breaks.pop() if breaks else None
    stops = 0
    while stops < 6:
        steps = pull(REPOSITORY, quantisation="Q8_0", endpoint=hub.url, patience_s=0.001)
        for step in steps:
            if step.stage == "downloading" and chance.random() < 0.3:
                break
        steps.close()  # type: ignore[attr-defined]
        assert not store.installed() or not breaks
        stops += 1
    made = bring(hub)
    assert made.path.read_bytes() == WHOLE and not breaks
    assert left_over() == ["Tiny-Q8_0.gguf", "Tiny-Q8_0.qcode.json"]
    resumed = [h for role, _, h in hub.seen if role == "net" and "range" in h]
    assert len(resumed) >= 10 and all("if-range" in h for h in resumed)


def test_a_file_that_changed_between_two_pulls_begins_anew(hub: Hub) -> None:
    hub.break_after = lambda: 100_000
    with pytest.raises(BackendError) as caught:
        for count, _ in enumerate(pull(REPOSITORY, quantisation="Q8_0", endpoint=hub.url, patience_s=0)):
            if count > 3:
                hub.break_after = lambda: 0
    assert "broke off" in caught.value.message and "goes on" in caught.value.hint
    new = WHOLE.replace(b"qcode-nano", b"qcode-newo")
    assert new != WHOLE
    hub.files["Tiny-Q8_0.gguf"] = new
    hub.break_after = lambda: None
    steps = list(pull(REPOSITORY, quantisation="Q8_0", endpoint=hub.url))
    assert any("another one than before" in s.note for s in steps)
    assert steps[-1].model and steps[-1].model.path.read_bytes() == new


def test_a_file_that_changes_during_a_pull_is_noticed(hub: Hub) -> None:
    """The tree still speaks of the old one: the ETag tells, then the checksum."""
    hub.break_after = lambda: len(WHOLE) // 2
    notes = []
    with pytest.raises(ModelFileError) as caught:
        for step in pull(REPOSITORY, quantisation="Q8_0", endpoint=hub.url, patience_s=0):
            notes.append(step.note)
            if step.stage == "downloading" and step.done >= len(WHOLE) // 2:
                hub.announced["Tiny-Q8_0.gguf"] = WHOLE
                hub.files["Tiny-Q8_0.gguf"] = WHOLE[:-8] + b"changed!"
                hub.break_after = lambda: None
    assert any("changed on the server" in n for n in notes)
    assert "not what" in caught.value.message
    assert not left_over() and not store.installed()


def test_a_server_without_ranges_still_completes(hub: Hub) -> None:
    hub.ranges = False
    breaks = [len(WHOLE) // 3]
    hub.break_after = lambda: breaks.pop() if breaks else None
    assert bring(hub).path.read_bytes() == WHOLE


def test_a_part_of_other_bytes_is_found_out_and_replaced(hub: Hub) -> None:
    """A power failure can leave zeros where bytes had been announced."""
    hub.etags = False
    hub.break_after = lambda: len(WHOLE) // 2
    steps = pull(REPOSITORY, quantisation="Q8_0", endpoint=hub.url)
    next(s for s in steps if s.stage == "downloading")
    steps.close()  # type: ignore[attr-defined]
    part = next(paths().models.rglob("*.part"))
    part.write_bytes(bytes(part.stat().st_size))
    hub.break_after = lambda: None
    assert bring(hub).path.read_bytes() == WHOLE


def test_lies_about_content_are_refused(hub: Hub) -> None:
    hub.announced["Tiny-Q8_0.gguf"] = WHOLE[:-1] + bytes([WHOLE[-1] ^ 1])
    with pytest.raises(ModelFileError, match="checksum"):
        bring(hub)
    hub.announced["Tiny-Q8_0.gguf"] = WHOLE + b"more"
    with pytest.raises(ModelFileError, match="announced"):
        bring(hub)
    hub.announced = {}
    hub.checksums = False
    with pytest.raises(ModelFileError, match="no checksum"):
        bring(hub)
    assert not left_over()


def test_what_is_no_model_is_not_kept(hub: Hub) -> None:
    hub.files["Tiny-Q8_0.gguf"] = b"<html>not here</html>" * 100
    with pytest.raises(ModelFileError, match="not kept"):
        bring(hub)
    assert not left_over()


def test_a_busy_server_is_asked_again(hub: Hub) -> None:
    hub.status = [503, 429, 200]
    assert bring(hub).whole
    hub.status = [503] * 20
    with pytest.raises(BackendError, match="503"):
        bring(hub, quantisation="Q4_K_M")


@pytest.mark.parametrize(
    "path",
    ["../evil.gguf", "/etc/evil.gguf", "a/../../evil.gguf", "a\\..\\evil.gguf", "C:evil.gguf", "a//b.gguf",
     "evil\x1b[2J.gguf", ".ssh/evil.gguf", "evil.gguf.part", "e\u202evil.gguf"],
)  # fmt: skip
def test_a_name_that_leads_elsewhere_is_refused(hub: Hub, path: str) -> None:
    hub.files = {path: WHOLE}
    with pytest.raises(QcodeError):
        bring(hub, quantisation="", file=path)
    with pytest.raises(ModelFileError):
        safe_path(path)
    assert not left_over()


def test_the_token_goes_to_the_endpoint_alone(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    bring(hub)
    told = {role: {h.get("authorization") for r, _, h in hub.seen if r == role} for role in ("hub", "net")}
    assert told == {"hub": {"Bearer hf_secret"}, "net": {None}}
    assert not Endpoint("http://models.example").token and Endpoint("https://models.example").token


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/x", "", "data:,GGUF"])
def test_a_redirect_to_something_else_is_refused(hub: Hub, target: str) -> None:
    hub.redirect = lambda _: target
    with pytest.raises(ModelFileError, match="redirects"):
        bring(hub)
    assert not left_over()


def test_a_redirect_may_not_lose_encryption_or_enter_this_machine() -> None:
    assert _redirected("https://a.example/x", "https://b.example/y") == "https://b.example/y"
    assert _redirected("https://a.example/x/y", "../z") == "https://a.example/z"
    for there in ("http://b.example/y", "https://127.0.0.1/y", "https://localhost/y"):
        with pytest.raises(ModelFileError):
            _redirected("https://a.example/x", there)


def test_circles_end(hub: Hub) -> None:
    hub.redirect = lambda path: (
        f"{hub.url}/{REPOSITORY}/resolve/0123456789abcdef0123456789abcdef01234567/{path}"
    )
    with pytest.raises(ModelFileError, match="circles"):
        bring(hub)


def test_offline_asks_nobody(hub: Hub) -> None:
    with pytest.raises(ConfigError, match="offline"):
        bring(hub, offline=True)
    # In a process of its own: the guard of --offline cannot be taken off again.
    code = "from qcode.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "--offline", "models", "pull", REPOSITORY, "--endpoint", hub.url],
        capture_output=True, check=False, text=True,
    )  # fmt: skip
    assert done.returncode == ConfigError.exit_code and "offline" in done.stderr and not hub.seen
    assert drain(pull(str(NANO), offline=True)).path.read_bytes() == WHOLE


def test_nobody_there_is_two_lines() -> None:
    with pytest.raises(BackendError) as caught:
        list(pull(REPOSITORY, endpoint="http://127.0.0.1:9"))
    assert "cannot be reached" in caught.value.message and caught.value.hint
    with pytest.raises(UsageError):
        list(pull(REPOSITORY, endpoint="file:///etc"))


def test_an_unknown_name_or_repository_says_what_there_is(hub: Hub) -> None:
    with pytest.raises(UsageError, match=r"no model 'qwen3\.5-10b'"):
        bring(hub, "qwen3.5-10b")
    with pytest.raises(UsageError) as caught:
        bring(hub, quantisation="Q3_K_S")
    assert "Q4_K_M, Q8_0" in caught.value.hint and "F16" not in caught.value.hint
    hub.status = [404]
    with pytest.raises(BackendError, match="has no"):
        bring(hub)
    hub.status = [403]
    with pytest.raises(BackendError) as gated:
        bring(hub)
    assert "HF_TOKEN" in gated.value.hint and not left_over()


def test_a_full_disk_is_said_before(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.statvfs

    class Full:
        def __init__(self, path: object) -> None:
            self._real = real(path)  # type: ignore[arg-type]
            self.f_bavail = 0

        def __getattr__(self, name: str) -> object:
            return getattr(self._real, name)

    monkeypatch.setattr(os, "statvfs", Full)
    with pytest.raises(BackendError, match="free"):
        bring(hub)


def test_a_folder_that_cannot_be_made_is_two_lines(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QCODE_MODELS", str(tmp_path / "weights"))
    (tmp_path / "weights").mkdir()
    (tmp_path / "weights" / "someone").write_text("in the way")
    with pytest.raises(BackendError, match="cannot be written") as caught:
        bring(hub)
    assert "QCODE_MODELS" in caught.value.hint


def test_a_disk_that_fills_up_is_two_lines(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(BackendError, match="No space left"):
        bring(hub)
    assert not store.installed()


def test_two_pulls_of_one_file_do_not_mix(hub: Hub) -> None:
    first = pull(REPOSITORY, quantisation="Q8_0", endpoint=hub.url)
    next(s for s in first if s.stage == "downloading")
    with pytest.raises(BackendError, match="already"):
        bring(hub)
    assert drain(first).path.read_bytes() == WHOLE


def test_too_big_is_refused_unless_it_is_wanted() -> None:
    from qcode.backends.catalog.machine import Machine

    small = Machine(total=8 << 30, free=4 << 30, cores=4)
    with pytest.raises(ModelFileError, match="too big"):
        check_machine(9 << 30, "big.gguf", False, small)
    check_machine(9 << 30, "big.gguf", True, small)


def test_a_folder_of_safetensors_comes_whole(hub: Hub) -> None:
    hub.files = {"config.json": b'{"a": 1}', "model.safetensors": WHOLE, "tokenizer.json": b"{}", "x.py": b"evil()",
                 "onnx/model.onnx": WHOLE}  # fmt: skip
    made = bring(hub, quantisation="")
    assert made.path.is_dir() and sorted(made.files) == ["config.json", "model.safetensors", "tokenizer.json"]
    assert (made.path / "config.json").read_bytes() == b'{"a": 1}' and made.whole
    hub.files["config.json"] = b'{"a": 2}'
    hub.announced["config.json"] = b'{"a": 1}'
    store.remove(made.name)
    with pytest.raises(ModelFileError, match="checksum"):
        bring(hub, quantisation="")


def test_parts_of_a_split_file_belong_together() -> None:
    files = [RemoteFile(f"x/M-Q4_K_M-{n:05}-of-00003.gguf", 5, "a" * 64) for n in (3, 1, 2)]
    assert [f.path[-15] for f in choose(files, "Q4_K_M", "")] == ["1", "2", "3"]
    with pytest.raises(ModelFileError, match="missing"):
        choose(files[:2], "Q4_K_M", "")


@pytest.mark.parametrize(
    ("name", "kind"),
    [("Qwen3.5-9B-Q4_K_M.gguf", "Q4_K_M"), ("Qwen3.5-9B-Base.Q4_K_M.gguf", "Q4_K_M"), ("a-UD-Q4_K_XL.gguf", "UD-Q4_K_XL"),
     ("a-iq4_xs.gguf", "IQ4_XS"), ("BF16/a-BF16-00001-of-00002.gguf", "BF16"), ("plain.gguf", "")],
)  # fmt: skip
def test_the_quantisation_is_read_from_a_name(name: str, kind: str) -> None:
    assert quantisation_of(name) == kind


def test_a_path_is_pulled_on_the_command_line_and_described() -> None:
    run = CliRunner()
    done = run.invoke(app, ["models", "pull", str(NANO)])
    assert done.exit_code == 0 and "is installed" in done.output
    told = run.invoke(app, ["models", "info", "qcode-nano-q8_0"]).output
    assert hashlib.sha256(WHOLE).hexdigest() in told and "qwen35" in told and "16,384 tokens" in told
    assert "262,144" in run.invoke(app, ["models", "info", "9b"]).output


def test_a_copy_is_checked_like_a_download(tmp_path: Path) -> None:
    bad = tmp_path / "bad.gguf"
    bad.write_bytes(WHOLE[:-1])
    with pytest.raises(ModelFileError, match="cut off"):
        list(pull(str(bad)))
    with pytest.raises(ModelFileError, match="cannot be read"):
        list(pull(str(tmp_path / "none.gguf")))
    assert not left_over()


def test_a_record_cannot_make_remove_delete_elsewhere(hub: Hub, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("keep")
    made = bring(hub)
    text = made.record.read_text().replace('"Tiny-Q8_0.gguf"', f'"{precious}"')
    made.record.write_text(text)
    with pytest.raises(UsageError):
        store.remove(made.name)
    assert precious.exists()
