from __future__ import annotations

from pathlib import Path

import pytest

from qcode.edits import Plan, gate, parse_reply, plan
from qcode.messages import Change, ChangeSet
from qcode.workspace import open_snapshot

FILE = """\
import os


def first(a):
    total = a + 1
    return total


def second(a):
    total = a + 2
    return total


class Box:
    # how the lid is held
    def open(self):
        print("it's open")
        self.lid = None
        return self
"""


def block(search: str, replace: str, path: str = "m.py") -> str:
    return f"{path}\n<<<<<<< SEARCH\n{search}=======\n{replace}>>>>>>> REPLACE\n"


def planned(root: Path, reply: str, content: str | bytes = FILE) -> Plan:
    (root / "m.py").write_bytes(content.encode() if isinstance(content, str) else content)
    return plan(open_snapshot(root), parse_reply(reply))


def after(root: Path, reply: str, content: str | bytes = FILE) -> bytes:
    made = planned(root, reply, content)
    assert not made.refusals
    (change,) = made.changes
    assert change.after is not None
    return change.after


def reason(root: Path, reply: str, content: str | bytes = FILE) -> str:
    made = planned(root, reply, content)
    assert not made.changes, "a refusal comes with an empty ChangeSet"
    return made.refusals[0].reason


@pytest.mark.smoke
def test_an_exact_block_is_applied_and_the_rest_is_untouched(tmp_path: Path) -> None:
    got = after(tmp_path, block("    total = a + 2\n", "    total = a + 3\n"))
    assert got.decode() == FILE.replace("a + 2", "a + 3")


@pytest.mark.smoke
def test_two_equal_places_are_refused_with_their_lines(tmp_path: Path) -> None:
    made = planned(tmp_path, block("    return total\n", "    return 0\n"))
    assert not made.changes
    (refusal,) = made.refusals
    assert (refusal.reason, refusal.lines) == ("ambiguous", (6, 11))
    assert "6, 11" in refusal.message


@pytest.mark.parametrize(
    ("search", "replace", "old", "new"),
    [
        pytest.param("    total = a + 2  \n", "    total = 0\n", "total = a + 2", "total = 0", id="blanks"),
        pytest.param("    total = a + 2\r\n", "    total = 0\r\n", "total = a + 2", "total = 0", id="crlf"),
        pytest.param(
            "        print(\u201cit\u2019s open\u201d)\n",
            "        print(\u201cit\u2019s shut\u201d)\n",
            "it's open",
            "it's shut",
            id="curly quotes are not pasted into code",
        ),
        pytest.param(
            "        print(&quot;it&#39;s open&quot;)\n",
            "        print(&quot;1 &lt; 2&quot;)\n",
            "it's open",
            "1 < 2",
            id="entities",
        ),
        pytest.param(
            'def open(self):\n    print("it\'s open")\n    self.lid = None\n',
            'def open(self):\n    print("it\'s open")\n    if self.lid:\n        self.lid = 0\n',
            "        self.lid = None\n",
            "        if self.lid:\n            self.lid = 0\n",
            id="indentation",
        ),
        pytest.param(
            '\tdef open(self):\n\t\tprint("it\'s open")\n',
            "\tdef open(self):\n\t\tprint('x')\n\t\tprint('y')\n",
            '        print("it\'s open")\n',
            "        print('x')\n        print('y')\n",
            id="tabs",
        ),
        pytest.param(
            '17\t        print("it\'s open")\n18\t        self.lid = None\n',
            '17\t        print("it\'s open")\n18\t        self.lid = 0\n',
            "self.lid = None",
            "self.lid = 0",
            id="line numbers of a read tool",
        ),
        pytest.param(
            "class Box:\n    # how the lid is kept\n    def open(self):\n"
            '        print("it\'s open")\n        self.lid = None\n',
            "class Box:\n    # how the lid is kept\n    def open(self):\n"
            '        print("it\'s open")\n        self.lid = 0\n',
            "self.lid = None",
            "self.lid = 0",
            id="a comment in other words stays as the file has it",
        ),
        pytest.param(
            'def second(a):\n...\n        print("it\'s open")\n        self.lid = None\n',
            'def second(a):\n...\n        print("it\'s open")\n        self.lid = 0\n',
            "self.lid = None",
            "self.lid = 0",
            id="elided context",
        ),
    ],
)
def test_what_differs_harmlessly_is_applied_exactly(
    tmp_path: Path, search: str, replace: str, old: str, new: str
) -> None:
    assert after(tmp_path, block(search, replace)).decode() == FILE.replace(old, new)


@pytest.mark.parametrize(
    ("search", "why"),
    [
        ("    total = a + 9\n", "stale"),
        ("def second(b):\n    total = a + 2\n    return total\n", "stale"),
        ("        self.lid = 0\n", "already_applied"),
        ("\n", "empty"),
        ("...\n", "stale"),
    ],
)
def test_a_removed_line_that_differs_is_never_replaced(tmp_path: Path, search: str, why: str) -> None:
    content = FILE.replace("self.lid = None", "self.lid = 7") if why == "already_applied" else FILE
    assert reason(tmp_path, block(search, "        self.lid = 7\n"), content) == why


def test_stale_shows_the_nearest_real_lines(tmp_path: Path) -> None:
    made = planned(tmp_path, block("def second(a):\n    total = a - 2\n", "x\n"))
    assert "9\tdef second(a):\n10\t    total = a + 2" in made.refusals[0].message


def test_contradicting_indentation_is_refused(tmp_path: Path) -> None:
    search = '  def open(self):\n  print("it\'s open")\n'
    assert reason(tmp_path, block(search, search + "    more()\n")) == "stale"


def test_all_files_or_none(tmp_path: Path) -> None:
    (tmp_path / "n.py").write_text("x = 1\n")
    reply = block("import os\n", "import sys\n") + block("y = 1\n", "y = 2\n", "n.py")
    assert reason(tmp_path, reply) == "stale"


def test_hunks_are_located_on_the_original_in_any_order(tmp_path: Path) -> None:
    reply = block("    total = a + 2\n", "    total = a + 1\n") + block(
        "    total = a + 1\n", "    total = 0\n"
    )
    want = (
        FILE.replace("a + 1", "X")
        .replace("a + 2", "a + 1")
        .replace("a + X", "0")
        .replace("total = X", "total = 0")
    )
    assert after(tmp_path, reply).decode() == want


def test_edits_that_meet_are_refused_but_may_share_context(tmp_path: Path) -> None:
    one = block("def second(a):\n    total = a + 2\n", "def second(b):\n    total = a + 2\n")
    other = block("    total = a + 2\n    return total\n", "    total = a + 2\n    return a\n")
    assert after(tmp_path, one + other).count(b"return a\n") == 1
    clash = block("    total = a + 2\n", "    total = 5\n") + block("    total = a + 2\n", "    total = 6\n")
    assert reason(tmp_path, clash) == "conflict"


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfa = 1\r\nb = 2\r\nc = 3",
        b"a = 1\nb = 2\r\nc = 3\n",
        "# gr\xfc\xdfe\na = 1\nb = 2\n".encode("latin-1"),
        "a = 1\nb = 2\n".encode("utf-16"),
        b"a = 1\r\nb = 2",
    ],
)
def test_bytes_around_the_edit_stay(tmp_path: Path, content: bytes) -> None:
    wide = content.startswith(b"\xff\xfe")
    old, new = ("b = 2".encode("utf-16-le"), "b = 9".encode("utf-16-le")) if wide else (b"b = 2", b"b = 9")
    assert after(tmp_path, block("b = 2\n", "b = 9\n"), content) == content.replace(old, new)


def test_new_lines_end_as_the_lines_around_them(tmp_path: Path) -> None:
    got = after(tmp_path, block("b = 2\n", "b = 2\nbb = 3\n"), b"a = 1\r\nb = 2")
    assert got == b"a = 1\r\nb = 2\r\nbb = 3"


def test_binary_content_is_left_alone(tmp_path: Path) -> None:
    assert reason(tmp_path, block("a\n", "b\n"), b"a\n\0\n") == "undecodable"


def test_no_path_leads_out_of_the_tree_or_into_git(tmp_path: Path) -> None:
    for path in ("../out.py", "/etc/x", ".git/hooks/pre-commit"):
        reply = f"*** Begin Patch\n*** Add File: {path}\n+x = 1\n*** End Patch\n"
        made = plan(open_snapshot(tmp_path), parse_reply(reply))
        assert not made.changes and made.refusals, path


def test_an_existing_file_is_not_overwritten(tmp_path: Path) -> None:
    assert reason(tmp_path, "*** Begin Patch\n*** Add File: m.py\n+x = 1\n*** End Patch\n") == "exists"


@pytest.mark.parametrize(
    ("after_text", "why"),
    [
        (FILE.replace("def first(a):", "def first(a:"), "syntax"),
        (FILE.replace("    total = a + 1\n", "    # ... rest of the code\n"), "placeholder"),
        (FILE + "<<<<<<< HEAD\n", "conflict"),
    ],
)
def test_the_gate_refuses(after_text: str, why: str) -> None:
    changes = ChangeSet.of([Change("m.py", FILE.encode(), after_text.encode())])
    assert why in {refusal.reason for refusal in gate(changes)}


def test_the_gate_lets_old_errors_be() -> None:
    broken = b"def f(:\n    pass\n\n\nx = 1\n"
    assert gate(ChangeSet.of([Change("m.py", broken, broken.replace(b"x = 1", b"x = 2"))])) == []


def test_a_file_is_not_created_twice_nor_removed_and_edited(tmp_path: Path) -> None:
    twice = "*** Begin Patch\n*** Add File: n.py\n+x = 1\n*** Add File: n.py\n+y = 1\n*** End Patch\n"
    assert reason(tmp_path, twice) == "conflict"
    both = "*** Begin Patch\n*** Delete File: m.py\n*** Update File: m.py\n-import os\n+import sys\n*** End Patch\n"
    assert reason(tmp_path, both) == "conflict"
