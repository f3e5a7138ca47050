"""Definitions at the top of files of other languages: which names of other files mean them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from qcode import refactor, workspace
from qcode.errors import RefactorError

Files = dict[str, str]


def renamed(root: Path, files: Files, old: str, new: str = "fresh") -> Files:
    for path, text in files.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    done = refactor.perform(workspace.open_snapshot(root), "rename", {"symbol": old, "new_name": new})
    assert done.doubtful == ()
    after = {p: t for p, t in files.items() if p not in done.changes.paths}
    return after | {c.path: c.after.decode() for c in done.changes if c.after is not None}


def taken(root: Path, files: Files, symbol: str) -> None:
    """The uses that are marked `old~` are meant, and no others."""
    wanted = {p: re.sub(r"\w+~", "fresh", t) for p, t in files.items()}
    assert renamed(root, {p: t.replace("~", "") for p, t in files.items()}, symbol) == wanted


CASES: dict[str, tuple[Files, str]] = {
    "rust: paths, imports, what is handed on, macros' texts": (
        {
            "src/main.rs": "mod shape;\nmod other;\nuse shape::{Point~, self as s};\nuse other::Point as Q;\n"
            'fn main() {\n    let p = Point~ { x: 1 };\n    let q = Q { x: 2 };\n    println!("{:?} {}", s::Point~::new(), q.x + p.x);\n}\n',
            "src/shape/mod.rs": "mod point;\npub use self::point::Point~;\n",
            "src/shape/point.rs": "#[derive(Debug)]\npub struct Point~ { pub x: u8 }\nimpl Point~ { pub fn new() -> Point~ { Point~ { x: 0 } } }\n",
            "src/other.rs": "pub struct Point { pub x: u8 }\nimpl Iterator for Point { type Item = u8; fn next(&mut self) -> Option<u8> { None } }\n",
        },
        "src/shape/point.rs:Point",
    ),
    "rust: a constant in a text that is filled in": (
        {
            "src/main.rs": 'const GREETING~: &str = "hello";\nfn main() { println!("{GREETING~}: {}", GREETING~); }\n'
        },
        "src/main.rs:GREETING",
    ),
    "rust: a variable of a pattern's short field": (
        {
            "src/main.rs": "mod value~;\nuse value~::Cell;\nfn f(c: &Cell) -> u8 { let g = |Cell { value, .. }| value; match c { Cell { value } => *value } }\n",
        },
        "src/main.rs:value",
    ),
    "javascript: what modules of CommonJS hand on": (
        {
            "lib/actor.js": "class Actor~ {}\nmodule.exports = { Actor~ };\n",
            "lib/room.js": "class Actor {}\nmodule.exports = { Actor };\n",
            "lib/index.js": "const room = require('./room');\nmodule.exports = { ...require('./actor'), Room: room.Actor, one: require('./actor').Actor~ };\n",
            "all.js": "module.exports = require('./lib');\n",
            "main.js": "const { Actor~, Room, one } = require('./all');\nnew Actor~(); new Room(); new one();\n",
        },
        "lib/actor.js:Actor",
    ),
    "typescript: other names on the way": (
        {
            "a.ts": "export default function make~() {}\nexport const size = 1, other = make~;\n",
            "b.ts": "export { default as make, size as length } from './a';\nexport * as all from './a';\n",
            "c.ts": "import { make, all } from './b';\nimport build from './a';\nmake(); build(); all.size;\n",
        },
        "a.ts:make",
    ),
    "javascript: what a module as a whole is taken apart into": (
        {
            "a.mjs": "export const size~ = 1;\nexport const other = 2;\n",
            "b.mjs": "import * as all from './a.mjs';\nconst { size~: size } = all, { size: mine } = { size: 3 };\n"
            "async function f() { const { size~: own } = await import('./a.mjs'); return own + size + mine; }\n",
        },
        "a.mjs:size",
    ),
    "java: a class in a generic class": (
        {
            "a/Item.java": "package a;\nclass Item~ {}\n",
            "a/Use.java": "package a;\nclass Use<T> { class Item {} Use<String>.Item f(Use<T>.Item other, Item own) { return null; } }\n",
        },
        "a/Item.java:Item",
    ),
    "java: a class whose constructor is handed on": (
        {"a/Item.java": "package a;\nclass Item~ { java.util.function.Supplier<Item~> s = Item~::new; }\n"},
        "Item",
    ),
    "typescript: a parameter that a constructor keeps, and a namespace's own": (
        {
            "a.ts": "const size~ = 1;\nclass Box { constructor(readonly size: number) { use(size); } get() { return size~; } }\n"
            "namespace Text { export const size = 2; export const twice = size * 2; }\n",
        },
        "a.ts:size",
    ),
    "typescript: names that stay on the way": (
        {
            "a.ts": "export const size~ = 1;\nfunction f(size: number) { return size; }\n",
            "b.ts": "export { size~ } from './a';\nexport * as all from './a';\n",
            "c.ts": "import { size~ as s, all } from './b';\nimport { size } from 'elsewhere';\nlog(s, size, all.size~);\n",
        },
        "a.ts:size",
    ),
    "javascript: a module that is one definition": (
        {
            "a.js": "function make~() { return new make~(); }\nmodule.exports = make~;\n",
            "b.js": "const make = require('./a');\nmake();\n",
            "c.js": "exports.make = require('./a');\n",
        },
        "a.js:make",
    ),
    "go: another name of a package, keys, shadows": (
        {
            "go.mod": "module example.org/app\n\ngo 1.18\n",
            "event/event.go": "package event\n\ntype Kind int\n\nconst (\n\tOpen~ Kind = iota\n\tlast\n)\n\n"
            'var names = [last]string{Open~: "open"}\n\ntype Door struct{ Open bool }\n\nvar d = Door{Open: true}\n',
            "main.go": 'package main\n\nimport ev "example.org/app/event"\n\ntype shop struct{ Open int }\n\n'
            "func main() {\n\tcount := map[ev.Kind]int{ev.Open~: 1}\n\tevent := shop{Open: 2}\n\tprintln(count[ev.Open~], event.Open)\n}\n",
        },
        "event/event.go:Open",
    ),
    "go: what a dot makes known": (
        {
            "go.mod": "module example.org/app\n\ngo 1.18\n",
            "money/money.go": "package money\n\ntype Amount~ int\n",
            "main.go": 'package main\n\nimport (\n\t"fmt"\n\t. "example.org/app/money"\n)\n\nvar x = []Amount~{1}\n\nfunc f(Amount int) { fmt.Println(Amount) }\n',
            "a/a.go": 'package a\n\nimport . "example.org/app/money"\n\ntype Amount string\n\nvar x Amount\n',
            "b/b.go": 'package b\n\nimport . "example.org/other/money"\n\nvar x Amount\n',
        },
        "money/money.go:Amount",
    ),
    "go: the package at the root, and its tests from outside": (
        {
            "go.mod": "module example.org/errors\n\ngo 1.18\n",
            "errors.go": 'package errors\n\nimport std "errors"\n\nfunc Wrap~(err error) error { return std.Wrap(err) }\n',
            "errors_test.go": 'package errors_test\n\nimport "example.org/errors"\n\nfunc Wrap() error { return errors.Wrap~(nil) }\n\n'
            "var x = Wrap()\n",
        },
        "errors.go:Wrap",
    ),
    "java: a class of the same name elsewhere": (
        {
            "a/Item.java": "package a;\n\npublic class Item~ {}\n",
            "b/Item.java": "package b;\n\npublic class Item {}\n",
            "b/Use.java": "package b;\n\nclass Use { Item item; a.Item~ other; }\n",
            "c/Use.java": "package c;\n\nimport a.Item~;\n\nclass Use { Item~ item = new Item~(); }\n",
            "d/Use.java": "package d;\n\nimport org.other.Item;\n\nclass Use { Item item; }\n",
        },
        "a/Item.java:Item",
    ),
    "c: tags, static functions, macros before functions": (
        {
            "a.h": "#define API(type) type\n#ifdef __cplusplus\nextern \"C\" {\n#endif\nAPI(int) size~(void);\nstatic inline int twice(int size) { return 2 * size; }\n"
            "#ifdef __cplusplus\n}\n#endif\n",
            "a.c": '#include "a.h"\nstruct size { int size; };\nAPI(int) size~(void) { struct size s = {.size = 1}; return s.size; }\n',
            "b.c": '#include "a.h"\nint f(void) { return size~() + twice(1); }\n',
            "c.c": "static int size(void) { return 2; }\nint g(void) { return size(); }\n",
        },
        "a.h:size",
    ),
    "c: a tag, a field and a parameter of macros": (
        {
            "a.h": "struct split~ { int n; };\nstruct entry { struct { struct split~ *split; } as; };\n"
            '#define SPLIT(d) { .as = { .split = (struct split~[]){ d } } } /* */\n#define SAY(split) puts(#split), (split)->n\n',
        },
        "a.h:split",
    ),
    "c: a function that macros call": (
        {
            "a.h": "int size~(void);\n#define TWICE (size~() * 2)\n#define OF(x) ((x)->size + size~())\n#define SAY(size) (size)\n",
        },
        "a.h:size",
    ),
    "c: a list of macros inside of a table": (
        {
            "a.h": "#define LIST~(X) X(ONE) X(TWO)\nenum kind {\n#define X(name) KIND_##name,\n    LIST~(X)\n#undef X\n    KINDS\n};\n",
            "a.c": '#include "a.h"\nstatic const struct { const char *name; } all[KINDS] = {\n#define X(name) [KIND_##name] = { #name },\n'
            "    LIST~(X)\n#undef X\n};\nint f(void) { return all[0].name != 0; }\n",
            "b.c": "#define LIST(X) 1\nint g(void) { return LIST(2); }\n",
        },
        "a.h:LIST",
    ),
    "c: a type whose name variables bear, too": (
        {
            "a.h": "typedef struct node~ node~;\nstruct node~ { node~ *next; };\n",
            "a.c": '#include "a.h"\nint f(const node~ *node) { return node->next != 0 && g(node); }\nvoid h(node~ *n) { node~ *node = n; free(node); }\n',
        },
        "a.h:node",
    ),
    "cpp: a class that is defined outside of the one around it": (
        {
            "a.cpp": "class Box { class Part~; int n; };\nclass Box::Part~ { public: Part~(int x) {} };\nstruct Part {};\n"
            "void f() { Part p; Box::Part~(1); }\n"
        },
        "Box.Part",
    ),
    "cpp: a namespace that a name is made known in": (
        {
            "path.hpp": "namespace json::path { int query~(int x); int other(int x); }\n",
            "json.hpp": "#include \"path.hpp\"\nnamespace json { using path::query~; }\nnamespace all { using namespace json::path; }\n",
            "main.cpp": "#include \"json.hpp\"\nnamespace mine { int query(int x) { return x; } }\nint main() { return json::query~(1) + all::query~(2) + mine::query(3); }\n",
        },
        "path.hpp:query",
    ),
    "cpp: several names that one line makes known": (
        {
            "a.hpp": "namespace a { enum Align { Left }; class Length~ { int n; }; class Size { int n; }; }\n",
            "a.cpp": '#include "a.hpp"\nnamespace b = a;\nusing b::Align, b::Length~, b::Size;\nLength~ f(Size s) { return Length~{}; }\n',
        },
        "a.hpp:Length",
    ),
    "cpp: a field of the same name": (
        {
            "a.hpp": "namespace a {\nint width~(int x);\nstruct Glue { int width; Glue() : width(1) {} int twice() { return width * 2 + a::width~(1); } int more(); };\n"
            "struct Part { int more() { return width~(2); } };\n}\n",
            "a.cpp": '#include "a.hpp"\nnamespace a {\nint width~(int x) { return x; }\nint Glue::more() { return width; }\nint f() { return width~(3); }\n}\n',
        },
        "a.hpp:width",
    ),
    "cpp: an enumerator of the same name": (
        {
            "a.cpp": "#include <map>\nenum class Type { Table, List };\nusing Table~ = std::map<int, int>;\nTable~ make(Type t) "
            "{ return t == Type::Table ? Table~{{1, 2}} : Table~(); }\n"
        },
        "a.cpp:Table",
    ),
    "cpp: namespaces, and a macro before a class": (
        {
            "a.hpp": "#define EXPORTED\nnamespace one {\nclass EXPORTED Box { public: int size() const; };\nint make~(const Box &box);\n"
            "namespace inner { int make(int x); }\n}\nnamespace two { int make(int x); }\n",
            "a.cpp": '#include "a.hpp"\nint one::make~(const Box &box) { return box.size(); }\nint one::inner::make(int x) { return x; }\n'
            "namespace two { int make(int x) { return x; } int f() { return make(1) + one::make~({}) + one::inner::make(2); } }\n"
            "namespace alias = one;\nint g() { return alias::make~({}) + two::make(3); }\n",
        },
        "one::make",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_definition_is_taken_where_it_is_meant(tmp_path: Path, case: str) -> None:
    files, symbol = CASES[case]
    if case.startswith("java:"):
        wanted = {p: re.sub(r"\w+~", "Fresh", t) for p, t in files.items()}
        wanted["a/Fresh.java"] = wanted.pop("a/Item.java")
        after = renamed(tmp_path, {p: t.replace("~", "") for p, t in files.items()}, symbol, "Fresh")
        assert {p: t for p, t in after.items() if p != "a/Item.java"} == wanted
    else:
        taken(tmp_path, files, symbol)


def test_a_module_that_is_handed_on_may_be_behind_any_value(tmp_path: Path) -> None:
    files = {
        "a.js": "export const size = 1;\nexport const depth = 2;\n",
        "b.js": "import * as tools from './a.js';\nimport { depth } from './a.js';\nexport const scope = wrap(tools);\n",
        "c.js": "export function f(scope, size) { const { depth } = scope.tools; return scope.tools.size + size + depth; }\n",
    }
    for path, text in files.items():
        (tmp_path / path).write_text(text)
    done = refactor.perform(
        workspace.open_snapshot(tmp_path), "rename", {"symbol": "a.js:size", "new_name": "fresh"}
    )
    assert [d.split(": ")[0] for d in done.doubtful] == ["c.js:1"]
    done = refactor.perform(
        workspace.open_snapshot(tmp_path), "rename", {"symbol": "a.js:depth", "new_name": "fresh"}
    )
    assert [d.split(": ")[0] for d in done.doubtful] == ["c.js:1"]


def test_a_class_of_java_in_a_class_is_named_by_it_or_by_its_heirs(tmp_path: Path) -> None:
    text = (
        "class Shelf<T> { class Loan {} Shelf<T>.Loan one; }\nclass Small extends Shelf<Film> {}\n"
        "class Use { Shelf<Film>.Loan two; Other<Film>.Loan three; Small.Loan four; }\n"
    )
    after = renamed(tmp_path, {"Shelf.java": text}, "Shelf.java:Loan", "Lend")
    assert after["Shelf.java"] == text.replace("Loan", "Lend").replace("Other<Film>.Lend", "Other<Film>.Loan")


def test_a_namespace_is_one_in_all_files(tmp_path: Path) -> None:
    files = {
        "a.hpp": "namespace sensors { int f(); struct Kind { static int made; }; }\n",
        "a.cpp": '#include "a.hpp"\nnamespace sensors {\nstatic int n = 1;\nint f() { return n; }\n}\n',
        "b.cpp": '#include "a.hpp"\nusing namespace sensors;\nint sensors_ = sensors::f();\n',
    }
    after = renamed(tmp_path, files, "a.hpp:sensors")
    assert after == {p: re.sub(r"\bsensors\b", "fresh", t) for p, t in files.items()}


def test_what_a_namespace_without_a_name_holds_is_its_file_s(tmp_path: Path) -> None:
    files = {
        "a.cpp": "namespace {\nint size() { return 1; }\n}\nint f() { return size(); }\n",
        "b.cpp": "namespace {\nint size() { return 2; }\n}\nint g() { return size(); }\n",
    }
    after = renamed(tmp_path, files, "a.cpp:size")
    assert after == files | {"a.cpp": files["a.cpp"].replace("size", "fresh")}


def test_a_class_with_what_is_static_is_known_in_other_files(tmp_path: Path) -> None:
    files = {
        "a.cpp": "class Depot { static int count; public: void add(); };\nDepot *made();\n",
        "b.cpp": "class Depot;\nvoid f(Depot *depot);\n",
    }
    after = renamed(tmp_path, files, "a.cpp:Depot")
    assert after == {p: t.replace("Depot", "fresh") for p, t in files.items()}


def test_tests_of_rust_name_the_library_as_cargo_says(tmp_path: Path) -> None:
    files = {
        "Cargo.toml": '[package]\nname = "tiny-set"\n',
        "src/lib.rs": "pub struct Set;\nimpl Set { pub const NONE: Self = Set; }\npub struct Bag;\nimpl Bag { pub const NONE: Self = Bag; }\n",
        "tests/all.rs": "use tiny_set::{Bag, Set};\n#[test]\nfn one() { let _ = (Set::NONE, Bag::NONE); }\n",
    }
    after = renamed(tmp_path, files, "Set.NONE")
    assert after["tests/all.rs"] == files["tests/all.rs"].replace("Set::NONE", "Set::fresh")
    after = renamed(tmp_path, files, "src/lib.rs:Bag")
    assert after["tests/all.rs"] == files["tests/all.rs"].replace("Bag", "fresh")


def test_what_rust_takes_from_one_of_two_modules_by_configuration_is_listed(tmp_path: Path) -> None:
    files = {
        "src/main.rs": "mod a;\nmod b;\nuse b::*;\n#[cfg(feature)]\nuse a::req;\nfn main() { req(); }\n",
        "src/a.rs": "pub fn req() {}\n",
        "src/b.rs": "pub fn req() {}\n",
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    done = refactor.perform(
        workspace.open_snapshot(tmp_path), "rename", {"symbol": "src/a.rs:req", "new_name": "fresh"}
    )
    assert [d.split(": ")[0] for d in done.doubtful] == ["src/main.rs:6"]
    assert sorted(done.changes.paths) == ["src/a.rs", "src/main.rs"]


def test_where_a_macro_of_c_is_set_from_outside_is_listed(tmp_path: Path) -> None:
    files = {
        "a.h": "#ifndef MAX_LINE\n#define MAX_LINE 80\n#endif\n",
        "Makefile": "all:\n\tcc -DMAX_LINE=10 -DMAX_LINES=2 a.c\n",
        "notes.md": "MAX_LINE\n",
    }
    for path, text in files.items():
        (tmp_path / path).write_text(text)
    done = refactor.perform(
        workspace.open_snapshot(tmp_path), "rename", {"symbol": "a.h:MAX_LINE", "new_name": "LONGEST"}
    )
    assert done.doubtful == ("Makefile:2: cc -DMAX_LINE=10 -DMAX_LINES=2 a.c",)


def test_where_a_macro_is_used_it_is_not_declared(tmp_path: Path) -> None:
    files = {
        "a.h": "#define LIST(X) X(ONE) X(TWO)\n",
        "a.c": '#include "a.h"\nstatic const int all[] = {\n#define X(name) [name] = 1,\n    LIST(X)\n#undef X\n};\n',
    }
    with pytest.raises(RefactorError):
        renamed(tmp_path, files, "a.c:LIST")


def test_the_files_of_a_module_of_rust_follow_its_name(tmp_path: Path) -> None:
    files = {
        "src/main.rs": "mod shape;\nuse shape::Point;\nfn f(shape: u8, b: B) -> u8 { shape + shape::point::ONE + b.shape() }\nfn main() {}\n",
        "src/shape/mod.rs": "pub mod point;\npub use self::point::Point;\n",
        "src/shape/point.rs": "pub struct Point;\npub const ONE: u8 = 1;\n",
    }
    after = renamed(tmp_path, files, "src/main.rs:shape")
    assert after["src/main.rs"] == (
        "mod fresh;\nuse fresh::Point;\nfn f(shape: u8, b: B) -> u8 { shape + fresh::point::ONE + b.shape() }\nfn main() {}\n"
    )
    assert after["src/fresh/mod.rs"] == files["src/shape/mod.rs"]
    assert after["src/fresh/point.rs"] == files["src/shape/point.rs"]


@pytest.mark.parametrize(
    ("files", "symbol", "said"),
    [
        ({"a.cpp": "namespace a { int f(); }\nnamespace b { int f(); }\n"}, "f", "namespace::name"),
        ({"a.c": "#define true 1\nint f(void) { return true; }\n"}, "a.c:true", "word of the language"),
        (
            {
                "a.ts": "enum A { One }\nclass B { x = 1; }\nclass C { x = 2; }\n",
                "b.ts": "class B { x = 3; }\n",
            },
            "B.x",
            "several times",
        ),
    ],
)
def test_what_is_not_certain_is_refused(tmp_path: Path, files: Files, symbol: str, said: str) -> None:
    with pytest.raises(RefactorError) as caught:
        renamed(tmp_path, files, symbol)
    assert said in caught.value.message + caught.value.hint
