from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from qcode import syntax
from qcode.syntax.grammars import GRAMMARS, grammar, language_of, query

SOURCES = {
    "a.py": ('class A:\n    def f(self):\n        """Say f."""\n', "function A.f 2-3"),
    "a.js": ("class A { f() {} }\nexport const g = () => 1\n", "method A.f 1-1;function g 2-2"),
    "a.ts": (
        "interface A { f(): void }\ntype B = A\nenum C { D }\n",
        "interface A 1-1;method A.f 1-1;type B 2-2",
    ),
    "a.tsx": ("export function F() { return <b>x</b> }\n", "function F 1-1"),
    "a.go": ("type S struct{}\nfunc (s *S) F() {}\n", "struct S 1-1;method S.F 2-2"),
    "a.rs": ("struct S;\nimpl S {\n    fn f() {}\n}\n", "struct S 1-1;function S.f 3-3"),
    "A.java": ("class A {\n  int x;\n  void f() {}\n}\n", "class A 1-4;property A.x 2-2;method A.f 3-3"),
    "a.c": ("#define N 1\nstatic char *f(int a)\n{\n}\n", "macro N 1-1;function f 2-4"),
    "a.h": ("namespace n {\nclass A { void f(); };\n}\n", "namespace n 1-3;class n.A 2-2;method n.A.f 2-2"),
    "a.cpp": ("void A::f() {}\ntemplate <class T> T g(T x) { return x; }\n", "method A.f 1-1;function g 2-2"),
    "a.cs": ("class A { int P { get; } void F() {} }\n", "class A 1-1;property A.P 1-1;method A.F 1-1"),
    "a.rb": (
        "module M\n  class A\n    def f; end\n  end\nend\n",
        "module M 1-5;class M.A 2-4;method M.A.f 3-3",
    ),
    "a.php": (
        "<?php\nclass A { function f() {} }\nfunction g() {}\n",
        "class A 2-2;method A.f 2-2;function g 3-3",
    ),
    "a.kt": ("class A {\n  fun f() {}\n}\nobject B\n", "class A 1-3;function A.f 2-2;object B 4-4"),
    "a.swift": (
        "struct A {\n  var x = 1\n  func f() {}\n}\n",
        "class A 1-4;property A.x 2-2;function A.f 3-3",
    ),
    "a.scala": ("object A {\n  def f = 1\n}\ntrait B\n", "object A 1-3;function A.f 2-2;trait B 4-4"),
    "a.sh": ("f() {\n  :\n}\n", "function f 1-3"),
    "a.lua": ("function M.f() end\nlocal function g() end\n", "function M.f 1-1;function g 2-2"),
    "a.html": ('<div id="x"></div>\n', "id x 1-1"),
    "a.css": (".a, .b { color: red }\n", "selector a 1-1;selector b 1-1"),
    "a.json": ('{"a": {"b": 1}}\n', "key a 1-1;key a.b 1-1"),
    "a.yaml": ("a:\n  b: 1\n", "key a 1-2;key a.b 2-2"),
    "a.toml": ("[t]\na = 1\n", "table t 1-2;key t.a 2-2"),
    "a.md": ("# A\n\ntext\n\n## B\n", "heading A 1-5;heading A.B 5-5"),
}


@pytest.mark.smoke
@pytest.mark.parametrize("path", SOURCES)
def test_definitions_of_each_language(path: str) -> None:
    source, wanted = SOURCES[path]
    found = {
        f"{d.kind} {d.qualname} {d.start_line}-{d.end_line}"
        for d in syntax.definitions(path, source.encode())
    }
    assert set(wanted.split(";")) <= found


def test_every_language_has_a_query_and_an_example() -> None:
    assert {language_of(path) for path in SOURCES} == set(GRAMMARS)
    for name in GRAMMARS:
        assert query(name) is not None
        assert grammar(name).node_kind_count > 0


@pytest.mark.parametrize(
    ("path", "source", "doc"),
    [
        ("a.py", 'def f():\n    """\n    Say f.\n    """\n', "Say f."),
        ("a.go", "// F runs.\n// It ends.\nfunc F() {}\n", "F runs."),
        ("a.rs", "/// Runs.\n#[inline]\nfn f() {}\n", "Runs."),
        ("A.java", "class A {\n  /**\n   * Runs.\n   */\n  @Override\n  void f() {}\n}\n", "Runs."),
        ("a.js", "let x = 1\n\nfunction f() {}\n", ""),
    ],
)
def test_doc_line(path: str, source: str, doc: str) -> None:
    assert syntax.definitions(path, source.encode())[-1].doc == doc


def test_grammars_are_imported_one_by_one() -> None:
    code = (
        "import sys; from qcode import syntax; syntax.definitions('a.go', b'package a'); "
        "print(sorted(m for m in sys.modules if m.startswith('tree_sitter_') and '.' not in m))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['tree_sitter_go']"


def test_a_parser_that_cannot_know_does_not_judge() -> None:
    assert syntax.error_count("a.c", b"MACRO(x) { } }") is None
    assert syntax.error_count("a.go", b"package a\nfunc {") != 0
    assert syntax.error_count("a.go", b"package a\nfunc f() {}\n") == 0


@pytest.mark.parametrize("path", SOURCES)
def test_mutated_and_hostile_sources_never_raise(path: str) -> None:
    chance = random.Random(path)
    source = SOURCES[path][0].encode() * 4
    for _ in range(25):
        mutant = bytearray(source)
        for _ in range(chance.randrange(1, 12)):
            at = chance.randrange(len(mutant))
            mutant[at : at + chance.randrange(6)] = chance.randbytes(chance.randrange(6))
        for found in syntax.definitions(path, bytes(mutant)):
            assert 1 <= found.start_line <= found.end_line
            assert found.name
    for hostile in (b"(" * 20_000, b"{[" * 10_000, b"\xff\xfe" * 500, b"", b"\n", b"class " * 5_000):
        syntax.definitions(path, hostile)


namespaces = subprocess.run(["unshare", "-Urn", "true"], capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not namespaces, reason="no network namespaces for this user here")
def test_every_language_is_understood_where_there_is_no_network(tmp_path: Path) -> None:
    """In a namespace with nothing but a loopback that is down: what would have to be fetched could not be."""
    for number, (path, (source, _)) in enumerate(SOURCES.items()):
        place = tmp_path / str(number) / path
        place.parent.mkdir()
        place.write_text(source)
    ask = (
        "import json, socket, sys\nfrom pathlib import Path\nfrom qcode import syntax\n"
        "try:\n    socket.create_connection(('127.0.0.1', 9), 1)\n    reached = 'refused'\n"
        "except ConnectionRefusedError:\n    reached = 'refused'\n"
        "except OSError as error:\n    reached = str(error.errno)\n"
        "found = {str(p): [d.name for d in syntax.definitions(p.name, p.read_bytes())]\n"
        "         for p in sorted(Path(sys.argv[1]).rglob('*')) if p.is_file()}\n"
        "print(json.dumps([reached, found]))\n"
    )
    done = subprocess.run(
        ["unshare", "-Urn", sys.executable, "-c", ask, str(tmp_path)],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    reached, found = json.loads(done.stdout)
    assert reached != "refused"  # there, not even this machine answers
    assert len(found) == len(SOURCES) and all(found.values())
    assert {language_of(Path(path).name) for path in found} == {language_of(path) for path in SOURCES}
