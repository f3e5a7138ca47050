from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from qcode.index import build, open_index
from qcode.index.extract import extract
from qcode.workspace import open_snapshot

ITEMS = [(str(n), f"m{n}.py", f"def made_{n}():\n    return {n}\n".encode()) for n in range(150)]


def test_processes_give_what_one_gives_in_order() -> None:
    assert list(build.extracted(iter(ITEMS))) == [(name, extract(p, c)) for name, p, c in ITEMS]


def test_a_killed_process_is_replaced() -> None:
    worker = build._Worker()
    try:
        first = worker.run(ITEMS[:2])
        process = worker._process
        assert process is not None
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert worker.run(ITEMS[:2]) == first
        assert len(first[0][1].definitions) == 1
    finally:
        worker.close()


def test_progress_reaches_the_end_and_an_interrupt_keeps_what_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _, path, content in ITEMS:
        (tmp_path / path).write_bytes(content)
    index = open_index(open_snapshot(tmp_path))

    def stop(done: int, of: int) -> None:
        if done == 100:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        index.refresh(stop)
    kept = index._store.db.execute("SELECT count(*) FROM blob").fetchone()[0]
    assert kept >= 60
    seen: list[tuple[int, int]] = []
    index.refresh(lambda done, of: seen.append((done, of)))
    assert seen[-1] == (150, 150)
    assert index.stats().files == 150
    index.close()


def test_what_is_not_read_in_time_is_found_by_its_path_and_read_the_next_time(tmp_path: Path) -> None:
    for _, path, content in ITEMS:
        (tmp_path / path).write_bytes(content)
    index = open_index(open_snapshot(tmp_path))
    index.refresh(seconds=0.0)
    assert index.unread == 150
    assert "not read yet" in str(index.stats())
    assert [hit.path for hit in index.search("m77")] == ["m77.py"]
    assert index.definitions("made_77") == []
    index.refresh(seconds=60.0)
    assert index.unread == 0
    assert index.definitions("made_77")
    index.close()


def test_processes_that_read_the_same_tree_at_once_agree(tmp_path: Path) -> None:
    for _, path, content in ITEMS:
        (tmp_path / path).write_bytes(content)
    ask = (
        "import sys; from pathlib import Path; from qcode.index import open_index; "
        "from qcode.workspace import open_snapshot; index = open_index(open_snapshot(Path(sys.argv[1]))); "
        "index.refresh(); print(index.stats(), len(index.definitions('made_77')))"
    )
    running = [
        subprocess.Popen([sys.executable, "-P", "-c", ask, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    told = {process.communicate(timeout=60)[0].strip() for process in running}
    assert told == {"150 files, 150 definitions, 150 pieces 1"}


def test_rows_of_contents_that_are_gone_go_too(tmp_path: Path) -> None:
    kept = 0
    for round in range(4):
        for number in range(250):
            path = tmp_path / f"m{number}.py"
            path.write_text(f"def made_{number}():\n    return {round}\n")
            os.utime(path, ns=(round, round))
        index = open_index(open_snapshot(tmp_path))
        index.refresh()
        assert index.rank("made_77")[0].path == "m77.py"
        # FTS5 raises when what `pages` counts is not what was told to it.
        index._store.db.execute("INSERT INTO pages(pages) VALUES('integrity-check')")
        kept = index._store.db.execute("SELECT count(*) FROM blob").fetchone()[0]
        index.close()
    assert kept <= 500


def test_who_asks_while_another_process_reads_is_not_kept_waiting(tmp_path: Path) -> None:
    (tmp_path / "tree").mkdir()
    for _, path, content in ITEMS:
        (tmp_path / "tree" / path).write_bytes(content)
    snapshot = open_snapshot(tmp_path / "tree")
    asking, reading = open_index(snapshot), open_index(snapshot)
    with reading._store.reading() as alone:
        assert alone() and alone()
        with asking._store.reading() as also:
            assert not also()
        asking.refresh(lambda done, of: time.sleep(0.1), seconds=600.0)  # it would take 15 seconds
        assert 100 < asking.unread < 150 and asking.read_elsewhere
        assert [hit.path for hit in asking.search("m149")] == ["m149.py"]
    asking.refresh(seconds=600.0)
    assert asking.unread == 0 and not asking.read_elsewhere
    asking.close()
    reading.close()
