"""Renames in JavaScript, TypeScript, Go, Rust, Java, C and C++."""

from __future__ import annotations

from pathlib import Path

import pytest

from qcode import refactor, workspace
from qcode.errors import RefactorError

Files = dict[str, str]


def renamed(root: Path, files: Files, old: str, new: str) -> tuple[Files, tuple[str, ...]]:
    for path, text in files.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    done = refactor.perform(workspace.open_snapshot(root), "rename", {"symbol": old, "new_name": new})
    after = {p: t for p, t in files.items() if p not in done.changes.paths}
    return after | {c.path: c.after.decode() for c in done.changes if c.after is not None}, done.doubtful


SCRIPT: Files = {
    "src/slug.ts": (
        "export function slug(text: string): string { return text; }\nconst cache = { slug };\n"
        "export function other(slug: number) { return slug; }\n// slug is short\n"
    ),
    "src/index.ts": 'export { slug } from "./slug";\n',
    "src/page.ts": (
        'import { slug } from "./index";\nimport * as all from "./slug";\nimport { slug as s } from "./slug";\n'
        "const x = slug(all.slug(s(y.slug)));\nfor (const slug of xs) { use(slug); }\n"
    ),
    "src/lone.ts": 'import { slug } from "elsewhere";\nslug();\n',
}


@pytest.mark.smoke
def test_scripts_follow_imports_and_scopes(tmp_path: Path) -> None:
    after, doubtful = renamed(tmp_path, SCRIPT, "slug", "dash")
    assert after["src/slug.ts"] == (
        "export function dash(text: string): string { return text; }\nconst cache = { slug: dash };\n"
        "export function other(slug: number) { return slug; }\n// slug is short\n"
    )
    assert after["src/index.ts"] == 'export { dash } from "./slug";\n'
    assert after["src/page.ts"] == (
        'import { dash } from "./index";\nimport * as all from "./slug";\nimport { dash as s } from "./slug";\n'
        "const x = dash(all.dash(s(y.slug)));\nfor (const slug of xs) { use(slug); }\n"
    )
    assert after["src/lone.ts"] == SCRIPT["src/lone.ts"]
    assert any("slug is short" in place for place in doubtful)


def test_required_modules_follow(tmp_path: Path) -> None:
    files = {
        "a.js": "function old() {}\nmodule.exports = { old };\n",
        "b.js": "const { old } = require('./a');\nconst m = require('./a');\nold(m.old());\n",
    }
    after, _ = renamed(tmp_path, files, "old", "fresh")
    assert after["a.js"] == "function fresh() {}\nmodule.exports = { fresh };\n"
    assert (
        after["b.js"] == "const { fresh } = require('./a');\nconst m = require('./a');\nfresh(m.fresh());\n"
    )


def test_methods_of_scripts_follow_their_class(tmp_path: Path) -> None:
    text = (
        "class A { put(x) { return this.put(x); } }\nclass B extends A { put(x) { super.put(x); } }\n"
        "class C { put(x) {} }\nfunction f(a, c) { const b = new B(); b.put(1); const d = new C(); d.put(2); a.put(3); }\n"
    )
    after, doubtful = renamed(tmp_path, {"a.js": text}, "A.put", "store")
    assert after["a.js"] == (
        "class A { store(x) { return this.store(x); } }\nclass B extends A { store(x) { super.store(x); } }\n"
        "class C { put(x) {} }\nfunction f(a, c) { const b = new B(); b.store(1); const d = new C(); d.put(2); a.put(3); }\n"
    )
    assert len(doubtful) == 1


def test_go(tmp_path: Path) -> None:
    files = {
        "store/store.go": "package store\n\ntype Box struct{ items int }\n\nfunc Load(n int) *Box { return &Box{items: n} }\n\nfunc (b *Box) Count() int { return b.items }\n",
        "store/more.go": "package store\n\nfunc again() *Box {\n\tLoad := 1\n\t_ = Load\n\treturn nil\n}\n\nvar x = Load(2)\n",
        "main.go": 'package main\n\nimport "example.com/app/store"\n\nfunc main() {\n\tb := store.Load(1)\n\tprintln(b.Count(), other.Load(2))\n}\n',
    }
    after, _ = renamed(tmp_path, files, "Load", "Open")
    assert after["main.go"] == files["main.go"].replace("store.Load", "store.Open")
    assert after["store/more.go"] == files["store/more.go"].replace("= Load(2)", "= Open(2)")
    after, _ = renamed(tmp_path / "b", files, "Box.Count", "Total")
    assert "b.Total()" in after["main.go"] and "func (b *Box) Total()" in after["store/store.go"]
    after, _ = renamed(tmp_path / "c", files, "Box", "Crate")
    assert after["store/store.go"] == files["store/store.go"].replace("Box", "Crate")


def test_rust(tmp_path: Path) -> None:
    files = {
        "src/util.rs": "pub struct Point { pub x: i32 }\nimpl Point {\n    pub fn norm(&self) -> i32 { self.x }\n}\npub fn scale(v: i32) -> i32 { v }\n",
        "src/main.rs": 'mod util;\nuse crate::util::{scale, Point};\nfn main() {\n    let p = Point { x: scale(1) };\n    println!("{}", util::scale(p.norm()));\n    let scale = 2;\n    let _ = scale;\n}\n',
    }
    after, doubtful = renamed(tmp_path, files, "Point.norm", "length")
    assert "p.length()" in after["src/main.rs"] and "fn length(&self)" in after["src/util.rs"]
    after, _ = renamed(tmp_path / "b", files, "scale", "grow")
    assert "use crate::util::{grow, Point};" in after["src/main.rs"]
    assert "x: grow(1)" in after["src/main.rs"] and "util::grow(p.norm())" in after["src/main.rs"]
    assert "let scale = 2;" in after["src/main.rs"]
    assert doubtful == ()


def test_java(tmp_path: Path) -> None:
    files = {
        "app/Cart.java": "package app;\n\npublic class Cart {\n    private int total;\n\n    public Cart() { total = 0; }\n\n    int sum() { return this.total + total; }\n\n    int local() { int total = 1; return total; }\n}\n",
        "app/Main.java": "package app;\n\nclass Main {\n    public static void main(String[] args) {\n        Cart cart = new Cart();\n        System.out.println(cart.sum());\n    }\n}\n",
    }
    after, _ = renamed(tmp_path, files, "Cart.total", "amount")
    assert after["app/Cart.java"] == files["app/Cart.java"].replace("total", "amount").replace(
        "int amount = 1; return amount;", "int total = 1; return total;"
    )
    after, _ = renamed(tmp_path / "b", files, "Cart.sum", "price")
    assert "cart.price()" in after["app/Main.java"]
    after, _ = renamed(tmp_path / "c", files, "Cart", "Basket")
    assert after["app/Basket.java"] == files["app/Cart.java"].replace("Cart", "Basket")
    assert after["app/Main.java"] == files["app/Main.java"].replace("Cart", "Basket")


def test_c_and_cpp(tmp_path: Path) -> None:
    files = {
        "a.h": "struct box { int count; };\nint fill(struct box *b, int n);\n#define FILL(b) fill(b, 1)\n",
        "a.c": '#include "a.h"\nint fill(struct box *b, int n) { b->count = n; return n; }\nstatic int helper(int fill) { return fill; }\n',
        "b.cpp": '#include "a.h"\nclass T { public: int count; int get() const; };\nint T::get() const { return count; }\nint use(T *t, box *b) { return t->get() + t->count + b->count + fill(b, 2); }\n',
    }
    after, _ = renamed(tmp_path, files, "fill", "load")
    assert after["a.h"] == files["a.h"].replace("fill", "load")
    assert "int helper(int fill) { return fill; }" in after["a.c"] and "int load(struct box" in after["a.c"]
    assert "load(b, 2)" in after["b.cpp"]
    after, _ = renamed(tmp_path / "b", files, "T.get", "read")
    assert "int T::read() const" in after["b.cpp"] and "t->read()" in after["b.cpp"]
    after, _ = renamed(tmp_path / "c", files, "T.count", "number")
    assert "return number;" in after["b.cpp"] and "t->number + b->count" in after["b.cpp"]
    assert "b->count = n" in after["a.c"]


@pytest.mark.parametrize(
    ("files", "old", "new", "said"),
    [
        ({"a.js": "function old() {}\nconst fresh = 1;\n"}, "old", "fresh", "taken"),
        ({"a.js": "function old() {}\n"}, "old", "class", "no name"),
        ({"a.js": "function old() {}\n", "b.js": "function old() {}\n"}, "old", "fresh", "2 times"),
        ({"a.go": "package a\ntype T struct{}\nfunc (t T) String() string { return \"\" }\n"}, "T.String", "Text", "may be called"),
        ({"a.rs": "struct T;\nimpl std::fmt::Display for T { fn show(&self) {} }\n"}, "T.show", "tell", "trait"),
        ({"A.java": "class A implements Runnable { @Override public void go() {} }\n"}, "A.go", "act", "overrides"),
    ],
)  # fmt: skip
def test_what_is_not_certain_is_refused(tmp_path: Path, files: Files, old: str, new: str, said: str) -> None:
    with pytest.raises(RefactorError) as caught:
        renamed(tmp_path, files, old, new)
    assert said in caught.value.message + caught.value.hint


def test_names_of_structs_exports_and_short_fields(tmp_path: Path) -> None:
    files = {
        "list.h": "struct list { int n; };\nint size(const struct list *list);\n#define N(l) ((l)->n)\n",
        "list.c": '#include "list.h"\nint size(const struct list *list) { return list->n; }\n',
    }
    after, _ = renamed(tmp_path / "c", files, "list.h:list", "chain")
    assert after["list.h"].startswith("struct chain { int n; };\nint size(const struct chain *list);\n")
    assert after["list.c"].endswith("int size(const struct chain *list) { return list->n; }\n")
    after, _ = renamed(tmp_path / "c2", files, "list.n", "count")
    assert "((l)->count)" in after["list.h"] and "list->count" in after["list.c"]

    files = {
        "a.js": "function tax(x) { return x; }\nexports.tax = tax;\n",
        "b.js": 'const a = require("./a");\na.tax(1);\n',
    }
    after, _ = renamed(tmp_path / "js", files, "tax", "duty")
    assert "exports.duty = duty;" in after["a.js"] and "a.duty(1)" in after["b.js"]

    files = {"a.rs": "struct E { label: u8 }\nimpl E { fn new(label: u8) -> Self { Self { label } } }\n"}
    after, _ = renamed(tmp_path / "rs", files, "E.label", "name")
    assert (
        after["a.rs"]
        == "struct E { name: u8 }\nimpl E { fn new(label: u8) -> Self { Self { name: label } } }\n"
    )

    files = {
        "Box.java": "class Box { enum Size { BIG } }\n",
        "Use.java": "class Use { Object o = Box.Size.BIG; Object p = Other.Size.BIG; }\n",
    }
    after, _ = renamed(tmp_path / "java", files, "Size", "Extent")
    assert "o = Box.Extent.BIG; Object p = Other.Size.BIG;" in after["Use.java"]


def test_a_type_of_a_namespace_import_follows(tmp_path: Path) -> None:
    files: Files = {
        "queue.ts": "export class Queue {}\n",
        "report.ts": 'import * as queues from "./queue";\nexport const f = (queue: queues.Queue, other: them.Queue) => queue;\n',
    }
    after, _ = renamed(tmp_path, files, "queue.ts:Queue", "Line")
    assert "queue: queues.Line, other: them.Queue" in after["report.ts"]


def test_a_container_s_own_member_is_not_taken_for_ours(tmp_path: Path) -> None:
    files: Files = {
        "m.hpp": "#include <vector>\nclass Matrix {\n  public:\n    double at(std::size_t i) const;\n    std::vector<double> cells_;\n};\n",
        "m.cpp": '#include "m.hpp"\ndouble Matrix::at(std::size_t i) const { return cells_.at(i); }\n'
        "double f(const Matrix &m) { return m.at(1); }\n",
    }
    after, doubtful = renamed(tmp_path, files, "Matrix.at", "cell")
    assert "Matrix::cell(std::size_t i) const { return cells_.at(i); }" in after["m.cpp"]
    assert "return m.cell(1)" in after["m.cpp"] and "double cell(" in after["m.hpp"]
    assert doubtful == ()


def test_a_constructor_whose_parameters_are_qualified_follows_its_class(tmp_path: Path) -> None:
    files: Files = {
        "s.hpp": "#include <cstddef>\nclass Shape {\n  public:\n    Shape(std::size_t rows) : rows_(rows) {}\n    virtual ~Shape() = default;\n"
        "    std::size_t rows_;\n};\n",
        "s.cpp": '#include "s.hpp"\nstd::size_t offset(const Shape &shape, std::size_t row) { return row; }\n',
    }
    after, doubtful = renamed(tmp_path, files, "s.hpp:Shape", "Form")
    assert after == {p: t.replace("Shape", "Form") for p, t in files.items()} and doubtful == ()
    with pytest.raises(RefactorError):
        renamed(tmp_path, files, "std.Shape", "Other")
