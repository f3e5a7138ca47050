"""What the record holds of an answer's tokens, and asking the same engine for them again."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from qcode.agent.guards import Guards
from qcode.agent.made import Made, held_to
from qcode.agent.replay import Replayed, _as_it_was, replay
from qcode.agent.session import Record, Session, find, read
from qcode.agent.turn import Turn
from qcode.backends import nano
from qcode.backends.llamacpp import LlamaCppBackend
from qcode.backends.llamacpp.told import UNKNOWN, Told
from qcode.backends.scripted import ScriptedBackend
from qcode.config import Role, load
from qcode.errors import BackendError, UsageError
from qcode.messages import Anchor, Message, Request, RunStarted, Sampling, Source, ToolCall, Window
from qcode.workspace import open_snapshot

Make = Callable[[Mapping[str, str]], Path]
QCODE = [sys.executable, "-c", "from qcode.cli import main; main()"]
ASK = "parse_cfg app/conf.py\nload app/io.py\nformat_row app/io.py\n\nuse f-strings in app/io.py"
GREEDY = Sampling(temperature=0.0, max_tokens=80, seed=1)


@pytest.fixture
async def engine() -> AsyncIterator[LlamaCppBackend]:
    opened = LlamaCppBackend(Role(backend="llamacpp", model=str(nano.file())))
    yield opened
    await opened.close()


async def recorded(engine: LlamaCppBackend, root: Path, *asks: str, **sampling: Any) -> Path:
    """A record of a conversation with the tiny model."""
    session = Session.start()
    session.event(RunStarted(session.id, "do it", str(root)))
    guards = Guards(load(root, {}).budget)
    messages: list[Message] = []
    for number, ask in enumerate(asks, 1):
        messages.append(Message("user", ask))
        session.message(messages[-1])
        turn = Turn(number)
        request = Request(tuple(messages), sampling=Sampling(**{**vars_of(GREEDY), **sampling}))
        async for _ in turn.generate(engine, request, guards, None):
            pass
        made = turn.made(request)
        assert made and made.tokens
        messages.append(Message("assistant", turn.text, turn.thought, turn.calls))
        session.message(messages[-1], made)
        messages += [Message("tool", "ok: 1 places", tool_call_id=call.id) for call in turn.calls]
        for message in messages[-len(turn.calls) :] if turn.calls else ():
            session.message(message)
    session.close()
    return session.path


def vars_of(sampling: Sampling) -> dict[str, Any]:
    return {name: getattr(sampling, name) for name in sampling.__slots__}


async def replayed(record: Record, engine: Any, step: int | None = None) -> list[Replayed]:
    return [one async for one in replay(record, engine, step)]


def rewrite(path: Path, change: Callable[[dict[str, Any]], None]) -> Record:
    """The record with each line changed."""
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    for line in lines:
        change(line)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return read(path)


@pytest.mark.smoke
async def test_a_greedy_run_comes_out_the_same_token_by_token(
    engine: LlamaCppBackend, make_project: Make
) -> None:
    path = await recorded(engine, make_project({"a.py": "x = 1\n"}), ASK, "and again")
    record = read(path)
    assert record.steps == 2 and record.states[1].answer.made
    fresh = LlamaCppBackend(Role(backend="llamacpp", model=str(nano.file())))
    for again in (engine, fresh):
        found = await replayed(record, again)
        assert [one.outcome for one in found] == ["same", "same"], found
        assert found[0].at == len(record.states[1].answer.made.tokens) > 10
    await fresh.close()


async def test_a_drawn_answer_comes_again_by_its_seed(engine: LlamaCppBackend, make_project: Make) -> None:
    wild = {"temperature": 3.0, "top_p": 1.0, "top_k": 0, "seed": 77}
    path = await recorded(engine, make_project({"a.py": "x = 1\n"}), ASK, **wild)
    assert [one.outcome for one in await replayed(read(path), engine)] == ["same"]

    def other_seed(line: dict[str, Any]) -> None:
        if "made" in line:
            line["made"]["sampling"]["seed"] = 78

    (parted,) = await replayed(rewrite(path, other_seed), engine)
    assert parted.outcome == "parted"


async def test_a_changed_record_is_told(engine: LlamaCppBackend, make_project: Make) -> None:
    path = await recorded(engine, make_project({"a.py": "x = 1\n"}), ASK)
    whole = path.read_text()
    tokens = read(path).states[1].answer.made
    assert tokens

    def other_token(line: dict[str, Any]) -> None:
        if "made" in line:
            made = Made.from_json(line["made"])
            ids = (*made.tokens[:5], made.tokens[5] + 1, *made.tokens[6:])
            line["made"] = Made(made.source, made.sampling, made.held, ids, made.whole).as_json()

    (parted,) = await replayed(rewrite(path, other_token), engine)
    assert parted.outcome == "parted" and parted.at == 5
    assert (parted.then, parted.now) == (tokens.tokens[5] + 1, tokens.tokens[5])
    assert f"parts at token 6 of {len(tokens.tokens)} after" in parted.sentence

    path.write_text(whole)

    def shorter(line: dict[str, Any]) -> None:
        if "made" in line:
            made = Made.from_json(line["made"])
            line["made"] = Made(made.source, made.sampling, made.held, made.tokens[:-2], True).as_json()

    (parted,) = await replayed(rewrite(path, shorter), engine)
    assert parted.outcome == "parted" and parted.then is None and "the end then" in parted.sentence

    path.write_text(whole.replace("use f-strings", "use g-strings"))
    assert [one.outcome for one in await replayed(read(path), engine)] == ["other prompt"]


async def test_an_answer_that_was_stopped_is_compared_as_far_as_it_went(
    engine: LlamaCppBackend, make_project: Make
) -> None:
    path = await recorded(engine, make_project({"a.py": "x = 1\n"}), ASK)

    def stopped(line: dict[str, Any]) -> None:
        if "made" in line:
            made = Made.from_json(line["made"])
            line["made"] = Made(made.source, made.sampling, made.held, made.tokens[:4], False).as_json()

    (same,) = await replayed(rewrite(path, stopped), engine)
    assert (same.outcome, same.at) == ("same", 4) and "stopped" in same.sentence


async def test_other_weights_are_told_and_not_compared(
    engine: LlamaCppBackend, make_project: Make, tmp_path: Path
) -> None:
    path = await recorded(engine, make_project({"a.py": "x = 1\n"}), ASK, "and again")
    raw = bytearray(nano.file().read_bytes())
    raw[1_000_000] ^= 1
    (tmp_path / "other.gguf").write_bytes(raw)
    other = LlamaCppBackend(Role(backend="llamacpp", model=str(tmp_path / "other.gguf")))
    (told,) = await replayed(read(path), other)
    await other.close()
    assert told.outcome == "other weights" and "other.gguf" in told.sentence


async def test_another_version_of_the_engine_is_told_and_tried(
    engine: LlamaCppBackend, make_project: Make
) -> None:
    path = await recorded(engine, make_project({"a.py": "x = 1\n"}), ASK)

    def older(line: dict[str, Any]) -> None:
        if "made" in line:
            line["made"]["engine"] = "qcode 0.0.1, xllamacpp 1 CPU"

    (one,) = await replayed(rewrite(path, older), engine)
    assert one.outcome == "same" and one.engine == "qcode 0.0.1, xllamacpp 1 CPU"


async def test_records_without_tokens_stay_readable(engine: LlamaCppBackend, make_project: Make) -> None:
    path = await recorded(engine, make_project({"a.py": "x = 1\n"}), ASK, "and again")
    before = read(path)

    def damaged(line: dict[str, Any]) -> None:
        if "made" in line:
            line["made"]["tokens"] = line["made"]["tokens"][:-6]

    record = rewrite(path, damaged)
    assert record.messages == before.messages and record.steps == 2
    rewrite(path, lambda line: line.pop("made", None) and None)
    record = read(path)
    assert record.messages == before.messages
    with pytest.raises(UsageError, match="holds no tokens"):
        await replayed(record, engine)


async def test_nothing_is_sent_to_an_engine_that_tells_no_tokens(
    engine: LlamaCppBackend, make_project: Make
) -> None:
    record = read(await recorded(engine, make_project({"a.py": "x = 1\n"}), ASK))
    scripted = ScriptedBackend("text: hello\n")
    with pytest.raises(BackendError, match="does not tell the tokens"):
        await replayed(record, scripted)
    assert scripted.requests == []
    with pytest.raises(UsageError, match="no answer 2"):
        await replayed(record, engine, 2)


@pytest.mark.parametrize("where", ["text", "thought", "call", "written", "joined"])
def test_tokens_of_a_secret_are_not_kept(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THE_TOKEN", "correct-horse-battery")
    secret = "the word is correct-horse-battery"
    turn = Turn(1, source=Source("e", "m", "w", "p"), tokens=[1, 2, 3])
    request = Request((Message("user", "hello"),))
    assert turn.made(request)
    if where == "call":
        turn.calls = (ToolCall("1", "write", {"content": secret}),)
    elif where == "joined":
        turn._said += [secret[:20], secret[20:]]
    else:
        turn._said.append(secret)
    assert turn.made(request) is None


def test_tokens_are_packed_and_files_are_told_apart() -> None:
    anchor = Anchor(
        "edit", "path", "search", (Window.whole("a", ("x", "y")),), late=(Window.whole("b", ("z",)),)
    )
    sampling = Sampling(0.7, 0.8, 20, 100, 5, ("stop",), True, 10)
    made = Made(Source("e", "m", "w", "p"), sampling, held_to(anchor), tuple(range(0, 250_000, 251)), True)
    told = json.loads(json.dumps(made.as_json()))
    assert Made.from_json(told) == made
    assert len(told["tokens"]) < len(json.dumps(made.tokens)) * 0.6
    other = Anchor("edit", "path", "search", (Window("a", ("x", "y"), ((1, 1),)),))
    assert held_to(other)[0] != held_to(anchor)[0]


async def test_the_tree_is_seen_as_each_turn_met_it(play: Any, make_project: Make) -> None:
    root = make_project({"a.py": "x = 1\ny = 1\n"})
    edits = ({"path": "a.py", "search": f"{name} = 1", "replace": f"{name} = 2"} for name in "xy")
    calls = [f"call: edit {json.dumps(edit)}" for edit in edits]
    calls.insert(1, 'call: write {"path": "new.py", "content": "z = 1"}')
    await play(root, "\n---\n".join([*calls, "text: Done."]) + "\n", no_test=True, yes=True)
    record = read(find("last"))
    assert (root / "a.py").read_text() == "x = 2\ny = 2\n" and (root / "new.py").exists()
    met = [_as_it_was(record, step, open_snapshot(root)) for step in range(1, 5)]
    assert [one.read("a.py") for one in met] == [
        b"x = 1\ny = 1\n",
        b"x = 2\ny = 1\n",
        b"x = 2\ny = 1\n",
        b"x = 2\ny = 2\n",
    ]
    assert [one.exists("new.py") for one in met] == [False, False, True, True]


async def test_ids_before_a_whole_character_are_found() -> None:
    known = {"ab": [7, 8], "é": [4, 5], "?": [1, 2]}

    async def tokenize(text: str) -> list[int]:
        return known[text]

    def chunk(text: str, token: int, count: int) -> dict[str, Any]:
        return {"choices": [{"text": text}], "__verbose": {"tokens": [token], "tokens_predicted": count}}

    told = Told(tokenize)
    assert await told.ids({"prompt_progress": {}, "__verbose": {"tokens": [0], "tokens_predicted": 0}}) == ()
    assert await told.ids(chunk("a", 7, 1)) == (7,)
    assert await told.ids(chunk("é", 5, 3)) == (4, 5)
    assert await told.ids(chunk("?", 9, 5)) == (UNKNOWN, 9)
    assert await told.ids({"choices": [{"text": "x"}]}) == () and told.count == 5


def test_the_whole_program_records_a_run_and_replays_it(make_project: Make, tmp_path: Path) -> None:
    root = make_project({"conf.py": "def parse_cfg(text):\n    return text\n", "more.py": "x = 1\n"})

    def qcode(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*QCODE, *words], cwd=root, capture_output=True, text=True, timeout=100, check=False, input=""
        )

    model = ("--model", str(nano.file()))
    qcode(
        "refactor",
        "rename parse_cfg to load_config",
        "--no-fast-path",
        "--no-test",
        "--max-steps",
        "3",
        *model,
    )
    done = qcode("sessions", "replay", "last", *model)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("the same") == 3
    one = qcode("sessions", "replay", "last", "--step", "2", "--json", *model)
    assert json.loads(one.stdout)["outcome"] == "same" and json.loads(one.stdout)["step"] == 2
    (root / "conf.py").write_text("def parse_cfg(text):\n    return text + ''\n")
    moved = qcode("sessions", "replay", "last", *model)
    assert moved.returncode == 6 and "has changed: conf.py" in moved.stdout
    assert "Not compared: 3 of 3 answers." in moved.stderr and "Traceback" not in moved.stderr
    record = find("last")
    tokens = [line for line in record.read_text().splitlines() if '"made"' in line]
    assert len(tokens) == 3 and all('"seed": ' in line for line in tokens)
