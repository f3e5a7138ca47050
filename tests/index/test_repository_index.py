from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from qcode import config
from qcode.index import Index, open_index
from qcode.index.words import query_words, split
from qcode.messages import Change, ChangeSet
from qcode.workspace import open_snapshot

AUTH = '''\
class TokenStore:
    def refresh_token(self, user):
        """Renew what the user may do."""
        return self.backend.renew(user)


def parseHTTPHeader(raw):
    return raw.split(":")
'''
OLD = 1_600_000_000_000_000_000


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "tree"
    (root / "pkg").mkdir(parents=True)
    (root / "tests").mkdir()
    (root / "pkg" / "auth.py").write_text(AUTH)
    (root / "pkg" / "shop.py").write_text(
        "from pkg.auth import TokenStore\n\n\ndef checkout(basket):\n    return basket\n"
    )
    (root / "tests" / "test_auth.py").write_text("def test_refresh_token():\n    assert refresh_token\n")
    (root / "notes.txt").write_text("The basket holds wares.\n")
    for file in root.rglob("*.*"):
        os.utime(file, ns=(OLD, OLD))
    return root


def opened(root: Path) -> Index:
    index = open_index(open_snapshot(root))
    index.refresh()
    return index


def place() -> Path:
    (file,) = (config.paths().cache / "index").glob("*.sqlite3")
    return file


@pytest.mark.smoke
def test_words_find_the_line_and_tests_come_after_the_code(tree: Path) -> None:
    hits = opened(tree).search("refresh the token")
    assert (hits[0].path, hits[0].line) == ("pkg/auth.py", 2)
    assert "def refresh_token" in hits[0].text
    assert [h.path for h in hits].index("tests/test_auth.py") > 0
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)


def test_a_question_about_tests_is_answered_with_tests(tree: Path) -> None:
    assert opened(tree).search("test of refresh_token")[0].path == "tests/test_auth.py"


def test_parts_of_a_camel_case_name_find_it(tree: Path) -> None:
    assert opened(tree).search("parse header")[0].line == 7


@pytest.mark.parametrize("query", ["", "  ", '"', "' OR 1 --", "NEAR(", "*", "日本"])
def test_odd_queries_are_answered_or_empty_but_never_an_error(tree: Path, query: str) -> None:
    assert isinstance(opened(tree).search(query), list)


def test_definitions_plain_and_qualified(tree: Path) -> None:
    index = opened(tree)
    ((path, found),) = index.definitions("TokenStore.refresh_token")
    assert (path, found.kind, found.start_line, found.end_line) == ("pkg/auth.py", "function", 2, 4)
    assert index.definitions("refresh_token") == [(path, found)]
    assert index.definitions("Other.refresh_token") == []
    assert index.definitions("absent") == []
    assert {"TokenStore", "checkout"} <= index.names()


def test_refresh_sees_edits_new_and_removed_files(tree: Path) -> None:
    opened(tree).close()
    (tree / "pkg" / "auth.py").write_text("def renamed():\n    pass\n")
    (tree / "pkg" / "shop.py").unlink()
    (tree / "new.py").write_text("def newcomer():\n    pass\n")
    index = opened(tree)
    assert index.definitions("refresh_token") == []
    assert index.definitions("checkout") == []
    assert index.definitions("renamed") and index.definitions("newcomer")


def test_an_edit_of_the_same_size_right_after_the_first_read_is_seen(tree: Path) -> None:
    (tree / "new.py").write_text("def aaa():\n    pass\n")
    stamp = (tree / "new.py").stat()
    assert opened(tree).definitions("aaa")
    (tree / "new.py").write_text("def bbb():\n    pass\n")
    os.utime(tree / "new.py", ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    index = opened(tree)
    assert index.definitions("bbb") and not index.definitions("aaa")


def test_unchanged_files_are_not_read_again(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened(tree).close()
    snapshot = open_snapshot(tree)
    read: list[str] = []
    real = type(snapshot).read
    monkeypatch.setattr(type(snapshot), "read", lambda self, path: read.append(path) or real(self, path))
    index = open_index(snapshot)
    index.refresh()
    assert read == []
    assert index.definitions("checkout")


def test_an_overlay_is_indexed_as_it_is_and_does_not_leak_to_disk(tree: Path) -> None:
    base = open_snapshot(tree)
    before = base.read("pkg/shop.py")
    change = Change("pkg/shop.py", before, before.replace(b"checkout", b"pay_now_"))
    over = open_index(base.with_changes(ChangeSet.of([change])))
    over.refresh()
    assert over.definitions("pay_now_") and not over.definitions("checkout")
    over.close()
    disk = opened(tree)
    assert disk.definitions("checkout") and not disk.definitions("pay_now_")


def test_binary_large_and_minified_files_are_left_out(tree: Path) -> None:
    (tree / "a.bin").write_bytes(b"zebra\0" * 10)
    (tree / "big.py").write_text("zebra = 1\n" * 60_000)
    (tree / "min.js").write_text("zebra," * 2_000)
    (tree / "empty.py").write_text("")
    index = opened(tree)
    assert index.search("zebra") == []
    assert index.stats().skipped == 3
    assert index.stats().files == 5


def test_a_damaged_file_is_made_again(tree: Path) -> None:
    opened(tree).close()
    place().write_bytes(b"this is no database, and it is longer than a header of one" * 40)
    assert opened(tree).definitions("checkout")


def test_damage_inside_the_file_is_mended_too(tree: Path) -> None:
    opened(tree).close()
    content = bytearray(place().read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    place().write_bytes(bytes(content))
    assert opened(tree).definitions("checkout")


def test_a_file_of_another_version_is_made_again(tree: Path) -> None:
    opened(tree).close()
    with sqlite3.connect(place()) as db:
        db.execute("PRAGMA user_version = 999")
    db.close()
    assert opened(tree).definitions("checkout")


def test_without_a_place_to_write_the_index_lives_in_memory(tree: Path) -> None:
    (config.paths().cache / "index").write_text("a file where a folder should be")
    assert opened(tree).definitions("checkout")


def test_the_map_shows_what_others_mention_first(tree: Path) -> None:
    overview = opened(tree).map(limit=1)
    assert overview.splitlines() == ["pkg/auth.py", "     1  class TokenStore:"]


def test_the_tree_is_left_alone(tree: Path) -> None:
    before = sorted(tree.rglob("*"))
    opened(tree)
    assert sorted(tree.rglob("*")) == before


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("parseHTTPHeader", ["parse", "http", "header", "parsehttpheader"]),
        ("snake_case_2", ["snake", "case", "2", "snakecase2"]),
        ("plain", ["plain"]),
        ("CONST", ["const"]),
        ("größe", ["größe"]),
    ],
)
def test_names_are_split(name: str, parts: list[str]) -> None:
    assert split(name) == parts


def test_stop_words_are_dropped_unless_nothing_else_is_there() -> None:
    assert query_words("where is the parser") == ["parser"]
    assert query_words("what is this") == ["what", "is", "this"]
