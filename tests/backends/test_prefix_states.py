"""What a prompt begins with is read once: in this process, by the next one, and whatever happened to the files."""

from __future__ import annotations

import asyncio
import os
from contextlib import aclosing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcode.backends import nano
from qcode.backends.llamacpp import LlamaCppBackend
from qcode.backends.llamacpp.prefix import stages
from qcode.backends.llamacpp.slots import Reading, Slots, common
from qcode.backends.llamacpp.states import States
from qcode.config import Role
from qcode.messages import Delta, Message, Request, Sampling, Usage

NANO = nano.file()
SYSTEM = "".join(f"rename name_{n} to other_{n} in app/io_{n}.py\n" for n in range(40))
USERS = [f"rename parse_{word} to load_{word}" for word in ("cfg", "args", "file", "line")]


def open_nano(states: Path | None = None) -> LlamaCppBackend:
    return LlamaCppBackend(Role("llamacpp", model=str(NANO)), states)


def request(user: str, system: str = SYSTEM, **more: object) -> Request:
    turns = (Message("system", system), Message("user", user))
    return Request(turns, sampling=Sampling(temperature=0.0, max_tokens=24), **more)  # type: ignore[arg-type]


async def ask(backend: LlamaCppBackend, wanted: Request) -> tuple[str, Usage]:
    deltas: list[Delta] = [delta async for delta in backend.stream(wanted)]
    said = "".join(d.text + (str(d.call.arguments) if d.call else "") for d in deltas)
    return said, next(d.usage for d in deltas if d.usage)


async def length(backend: LlamaCppBackend, *turns: Message) -> int:
    return await backend.count_tokens(Request(turns))


async def cold(wanted: Request) -> str:
    backend = open_nano()
    said, usage = await ask(backend, wanted)
    await backend.close()
    assert usage.cached == 0
    return said


async def test_every_branch_reuses_the_stable_prefix_and_says_what_it_says_cold() -> None:
    backend = open_nano()
    await ask(backend, request(USERS[0]))
    stable = await length(backend, Message("system", SYSTEM)) - 8
    assert stable > 600
    for user in USERS[1:]:
        said, usage = await ask(backend, request(user))
        assert usage.cached >= stable - 64
        assert said == await cold(request(user))
    await backend.close()


async def test_the_next_process_reuses_it_too(tmp_path: Path) -> None:
    first = open_nano(tmp_path)
    before, usage = await ask(first, request(USERS[0]))
    stable = await length(first, Message("system", SYSTEM)) - 8
    del first  # as if it had been killed: nothing is written at its end
    again = open_nano(tmp_path)
    for user in (USERS[1], USERS[0], USERS[2]):
        said, usage = await ask(again, request(user))
        assert usage.cached >= stable - 64
        assert said == (before if user == USERS[0] else await cold(request(user)))
    await again.close()


async def test_a_conversation_that_went_on_is_kept_when_another_takes_its_place(tmp_path: Path) -> None:
    backend = open_nano(tmp_path)
    turns = [Message("system", "s"), Message("user", SYSTEM)]
    for answer in ("", "yes"):
        if answer:
            turns += [Message("assistant", answer), Message("user", "rename a to b")]
        _, grown = await ask(backend, Request(tuple(turns), sampling=Sampling(max_tokens=4)))
    for user in range(4):  # in both slots
        await ask(backend, request(f"{user} " * 200, system=f"{user}"))
    turns += [Message("assistant", "ok"), Message("user", "rename c to d")]
    _, again = await ask(backend, Request(tuple(turns), sampling=Sampling(max_tokens=4)))
    assert again.cached >= grown.prompt - 64
    await backend.close()
    assert len(list(tmp_path.glob("*/*.json"))) == 1  # and what was asked once is not


@pytest.mark.parametrize("damage", ["flipped", "cut", "gone", "note"])
async def test_a_damaged_state_is_ignored_and_removed(tmp_path: Path, damage: str) -> None:
    first = open_nano(tmp_path)
    before, _ = await ask(first, request(USERS[0]))
    del first
    (note,) = tmp_path.glob("*/*.json")
    state = note.with_suffix("")
    raw = bytearray(state.read_bytes())
    raw[len(raw) // 2] ^= 1
    match damage:
        case "flipped":
            state.write_bytes(raw)
        case "cut":
            state.write_bytes(raw[: len(raw) // 2])
        case "gone":
            state.unlink()
        case "note":
            note.write_text("{")
    written = state.stat().st_mtime_ns if state.exists() else 0
    again = open_nano(tmp_path)
    said, usage = await ask(again, request(USERS[0]))
    assert usage.cached == 0 and said == before
    # It has been read and written anew, whole.
    assert note.exists() and state.stat().st_mtime_ns != written and len(state.read_bytes()) == len(raw)
    await again.close()


async def test_a_completion_amid_the_reading_of_a_long_prompt_spoils_nothing() -> None:
    long = request("".join(f"x{n} " for n in range(1200)), system="rename a to b")
    expected = await cold(long)
    backend = open_nano()
    await ask(backend, request("x", system=""))  # loaded
    order: list[str] = []

    async def reading() -> str:
        said = ""
        async with aclosing(backend.stream(long)) as stream:  # type: ignore[type-var]
            async for delta in stream:
                if delta.prefill and delta.prefill[0] < delta.prefill[1] - 1:
                    order.append("reading")
                    await asyncio.sleep(0)
                said += delta.text + (str(delta.call.arguments) if delta.call else "")
        order.append("read")
        return said

    task = asyncio.create_task(reading())
    while not order:
        await asyncio.sleep(0)
    await ask(backend, request("rename a to b", system="", interactive=True))
    order.append("completed")
    assert await task == expected
    await backend.close()
    assert order[-1] == "read"


async def test_requests_of_many_clients_at_once_all_end_and_take_turns() -> None:
    backend = open_nano()
    answers = await asyncio.gather(*(ask(backend, request(user, system="s")) for user in USERS * 2))
    assert len(answers) == 2 * len(USERS) and all(said for said, _ in answers)
    assert not any(slot["busy"] for slot in backend.status()["slots"])
    await backend.close()


async def test_the_client_that_was_served_the_longest_ago_is_next() -> None:
    slots = Slots(2, 1000)
    order: list[str] = []

    async def use(client: str) -> None:
        async with slots.use([1] * 10, 10, False, client):
            order.append(client)
            await asyncio.sleep(0)

    busy = [asyncio.create_task(use("greedy")) for _ in range(4)]
    await asyncio.sleep(0)
    await asyncio.gather(*busy, use("modest"))
    assert order.index("modest") == 2  # two were in before it came


async def test_a_prompt_waits_for_the_cells_that_it_needs() -> None:
    slots = Slots(3, 100)
    inside = 0
    most = 0

    async def use(client: str) -> None:
        nonlocal inside, most
        async with slots.use([1] * 40, 20, False, client):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.001)
            inside -= 1

    await asyncio.gather(*(use(str(n)) for n in range(6)))
    assert most == 1


async def test_a_reader_stops_for_a_completion_and_goes_on_after_it() -> None:
    reading = Reading()
    async with reading.turn() as stop:
        with reading.interactive():
            assert stop.is_set()
    with reading.interactive():
        waiting = asyncio.create_task(_read(reading))
        await asyncio.sleep(0.01)
        assert not waiting.done()
    await asyncio.wait_for(waiting, 5)


async def test_readers_of_long_prompts_take_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qcode.backends.llamacpp.slots._QUANTUM_S", 0.02)
    reading = Reading()
    order: list[str] = []

    async def read(name: str) -> None:
        for _ in range(3):
            async with reading.turn() as stop:
                order.append(name)
                await stop.wait()

    both = asyncio.gather(read("a"), read("b"))
    await asyncio.sleep(0.5)  # whoever is left alone is not stopped
    both.cancel()
    assert order[:4] == ["a", "b", "a", "b"]


async def test_completions_without_an_end_do_not_starve_a_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qcode.backends.llamacpp.slots._PATIENCE_S", 0.02)
    reading = Reading()
    with reading.interactive():
        async with asyncio.timeout(5), reading.turn() as stop:
            with reading.interactive():
                assert not stop.is_set()  # it has its quantum now


async def test_who_leaves_while_waiting_to_read_holds_nobody_up() -> None:
    reading = Reading()
    with reading.interactive():
        waiting = [asyncio.create_task(_read(reading)) for _ in range(3)]
        await asyncio.sleep(0.01)
        assert not any(task.done() for task in waiting)
        waiting[0].cancel()
    await asyncio.wait_for(asyncio.gather(*waiting[1:]), 5)


async def _read(reading: Reading) -> None:
    async with reading.turn():
        await asyncio.sleep(0)


def test_states_are_kept_below_the_limit_and_the_longest_unused_goes_first(tmp_path: Path) -> None:
    states = States(tmp_path / "model", "weights", limit=4_000)
    for number in range(6):
        tokens = list(range(number * 100, number * 100 + 100))
        name = states.temporary()
        (states.folder / name).write_bytes(_file(tokens) + bytes(500))
        assert states.keep(name, tokens[:50]) == 100
        note = max(states.folder.glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
        os.utime(note, (number, number))
    assert sum(path.stat().st_size for path in states.folder.iterdir() if not path.suffix) <= 4_000
    assert states.longest([*range(500, 600), 7]) and not states.longest([*range(100), 7])
    assert not states.longest(range(500, 600))  # one token has to be left to read


def test_a_state_of_other_tokens_than_were_thought_is_not_taken(tmp_path: Path) -> None:
    states = States(tmp_path / "model", "weights")
    name = states.temporary()
    (states.folder / name).write_bytes(_file([1, 2, 3]))
    assert states.keep(name, [1, 2, 4]) == 0 and not list(states.folder.iterdir())


def _file(tokens: list[int]) -> bytes:
    import struct

    head = struct.pack("<4sIIiII", b"qsgg", 4, len(tokens) + 4, -1, 1, len(tokens))
    return head + struct.pack(f"<{len(tokens)}i", *tokens)


@given(st.lists(st.integers(0, 2), max_size=300), st.integers(0, 300))
def test_stages_end_before_the_last_token_and_go_forward(tokens: list[int], prefix: int) -> None:
    ends = stages(tokens, 2, min(prefix, max(0, len(tokens) - 1)))
    assert ends == sorted(set(ends)) and all(0 < end < len(tokens) for end in ends)
    assert len(tokens) < 2 or ends[-1] == len(tokens) - 1


@given(st.lists(st.integers(0, 1), max_size=40), st.lists(st.integers(0, 1), max_size=40))
def test_the_common_start_is_the_longest(a: list[int], b: list[int]) -> None:
    shared = common(a, b)
    assert a[:shared] == b[:shared]
    assert shared == min(len(a), len(b)) or a[shared] != b[shared]
