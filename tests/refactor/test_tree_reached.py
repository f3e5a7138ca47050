"""What `[…]`, `->`, `*` and calls reach in C++, and names of members in quotes in TypeScript: which uses mean a member."""

from __future__ import annotations

from pathlib import Path

import pytest

from qcode import refactor, workspace
from qcode.errors import RefactorError
from tests.refactor.test_tree_members import marked

REACHED = {
    "operators of a class": (
        "a.cpp",
        ("struct Item { int size~; Item *next; };\nstruct Other { int size; };\n"
        "class Shelf { public:\n  const Item& operator[](int n) const { return all_[n]; }\n  Item& operator[](int n) { return all_[n]; }\n"
        "  Item* operator->() { return all_; }\n  Item operator() (int n);\n  Other& operator*();\n  int size();\n private: Item *all_; };\n"
        "template <typename T> struct Ring { T& operator[](int n); int size; };\n"
        "int f(Shelf& shelf, Ring<Other> ring, Ring<Item> items, Shelf *many) {\n"
        "  return shelf[1].size~ + shelf->size~ + (*shelf).size + shelf(2).size~ + shelf.size() + ring[0].size + items[0].size~\n"
        "    + ring.size + many->size() + many[0].size(); }\n"),
        "Item.size",
    ),
    "a loop's variable of C++ is no member": (
        "a.cpp",
        ("struct Body { int go(); };\nstruct G { Body body~; int f(Bodies& all) { int n = 0; for (Body& body : all) n += body.go(); return n + body~.go(); }\n"
        "  int g(Bodies& all) { for (auto& body : all) return body.go(); return 0; } };\n"),
        "G.body",
    ),
    "a template of a library that is called as a member": (
        "a.cpp",
        ("struct Call { int function~; std::function<int(int)> run; };\nint f(Call c) { return c.function~ + c.run(1); }\n"),
        "Call.function",
    ),
    "a member's name in quotes": (
        "a.ts",
        ("interface Job { cost~: number; rank: number; note: string }\ninterface Other { cost: number; x: 1 }\n"
        "type Short = Pick<Job, 'cost~' | 'rank'>;\ntype Long = Omit<Other, 'cost'>;\ntype Cost = Job['cost~'];\n"
        "const f = (o: Other, job: Job): Short => { job['cost~'] = o['cost']; return { 'cost~': 1, rank: 2 }; };\n"
        "const g = (o: Omit<Job, 'note'>) => o.cost~;\n"),
        "Job.cost",
    ),
    "what a class of JavaScript leaves to its heirs": (
        "a.js",
        ("class Rule { constructor() { this.n = 1; } describe() { return `${this.unit~} ${this.n}`; } }\n"
        "class Daily extends Rule { get unit~() { return 'day'; } }\nclass Weekly extends Rule { get unit~() { return 'week'; } }\n"
        "class Size { constructor() { this.unit = 'cm'; } }\nconsole.log(new Daily().unit~, new Size().unit);\n"),
        "Daily.unit",
    ),
    "groups of a pattern are no members": (
        "a.js",
        ("class Box { constructor(amount) { this.amount~ = amount; } }\nconst LINE = /^(?<amount>\\d+)$/;\n"
        "const f = (text) => { const { amount } = text.match(LINE).groups; return new Box(amount).amount~ + text.match(LINE).groups.amount; };\n"),
        "Box.amount",
    ),
    "values of a map that is written out": (
        "a.ts",
        ("interface Product { name~: string; price: number }\ninterface Module { name: string }\nconst m: Module = { name: 'm' };\n"
        "const all = new Map<string, Product>([['tea', { name~: 'Tea', price: 1 }], ['pot', { name~: 'Pot', price: 2 }]]);\n"),
        "Product.name",
    ),
    "what types of any key hold": (
        "a.ts",
        ("interface Step { go~: number }\ninterface Other { go: number }\ntype Steps<K extends string> = { readonly [T in K]?: readonly Step[] };\n"
        "interface Plan { on: Steps<'a'>; by: { [k: string]: Other } }\n"
        "const plan: Plan = { on: { a: [{ go~: 1 }] }, by: { b: { go: 2 } } };\nconst n = [plan.on.a![0].go~, plan.by.c.go];\n"),
        "Step.go",
    ),
    "what a generic function of Rust gives": (
        "a.rs",
        ("use std::fmt::Debug;\ntrait Part: Debug { fn width(&self) -> usize; }\nstruct Word { space~: usize }\nstruct Line { gap: usize }\n"
        "impl Part for Word { fn width(&self) -> usize { self.space~ } }\n"
        "fn wrapped<'a, T: Part>(parts: &'a [T]) -> Vec<&'a [T]> { vec![parts] }\n"
        "fn f(words: &[Word], line: Line) -> usize { wrapped(words)[0].iter().map(|w| w.space~).sum::<usize>() + line.gap }\n"),
        "Word.space",
    ),
    "a type of C that is called as a member": (
        "a.c",
        ("struct stats { int n; };\nstruct store { struct stats stats~; int n; };\n"
        "int f(struct store *s, struct stats *stats) { return s->stats~.n + stats->n; }\n"),
        "store.stats",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REACHED.values(), ids=REACHED)
def test_what_is_meant_is_renamed(tmp_path: Path, case: tuple[str, str, str]) -> None:
    path, text, symbol = case
    before, wanted = marked(text)
    (tmp_path / path).write_text(before)
    done = refactor.perform(
        workspace.open_snapshot(tmp_path), "rename", {"symbol": symbol, "new_name": "fresh"}
    )
    assert {c.path: (c.after or b"").decode() for c in done.changes} == {path: wanted}
    assert done.doubtful == ()


@pytest.mark.parametrize("given", ['{"amount": 2}', "id,amount", "amount;id", "id\\tamount\\tx"])
def test_what_a_text_may_give_a_key_of_the_name_is_listed(tmp_path: Path, given: str) -> None:
    text = f"class Box {{ amount = 1; }}\nconst f = (x) => x.amount;\nf(parsed('{given}'));\n"
    (tmp_path / "a.js").write_text(text)
    done = refactor.perform(
        workspace.open_snapshot(tmp_path), "rename", {"symbol": "Box.amount", "new_name": "fresh"}
    )
    assert [d.split(": ")[0] for d in done.doubtful] == ["a.js:2", "a.js:3"]


def test_what_is_in_quotes_of_a_value_that_nobody_knows_is_listed(tmp_path: Path) -> None:
    text = "interface Job { cost: number }\nexport const f = (o: any, j: Job) => o['cost'] + j.cost;\n"
    (tmp_path / "a.ts").write_text(text)
    done = refactor.perform(
        workspace.open_snapshot(tmp_path), "rename", {"symbol": "Job.cost", "new_name": "fresh"}
    )
    assert [d.split(": ")[0] for d in done.doubtful] == ["a.ts:2"]
    (change,) = done.changes
    assert (change.after or b"").decode() == text.replace("cost:", "fresh:").replace("j.cost", "j.fresh")


@pytest.mark.parametrize(
    ("path", "text", "symbol"),
    [
        ("a.ts", "class Bad extends Error { constructor(m: string) { super(m); this.name = 'Bad'; } }\n", "Bad.name"),
        ("a.js", "class Lost extends RangeError { get message() { return 'lost'; } }\n", "Lost.message"),
        ("a.js", "class Base extends Error {}\nclass Bad extends Base { stack = ''; }\n", "Bad.stack"),
        ("A.java", "class A extends RuntimeException { public String getMessage() { return \"a\"; } }\n", "A.getMessage"),
        ("a.cpp", "struct A : std::exception { const char* what() const noexcept { return 0; } };\n", "A.what"),
        ("a.ts", "import { Base } from 'tools';\nclass A extends Base { constructor() { super(); this.kind = 1; } }\n", "A.kind"),
    ],
)  # fmt: skip
def test_what_an_error_or_a_library_s_class_has_is_refused(
    tmp_path: Path, path: str, text: str, symbol: str
) -> None:
    (tmp_path / path).write_text(text)
    with pytest.raises(RefactorError, match="language or its library"):
        refactor.perform(workspace.open_snapshot(tmp_path), "rename", {"symbol": symbol, "new_name": "fresh"})


def test_what_is_beside_it_in_a_list_says_nothing_of_an_object(tmp_path: Path) -> None:
    text = (
        "interface Product { name: string }\ninterface Module { name: string }\nexport const m: Module = { name: 'm' };\n"
        "export const f = (use: (all: Map<string, Product>) => void) => use(new Map([['tea', { name: 'Tea' }]]));\n"
    )
    (tmp_path / "a.ts").write_text(text)
    done = refactor.perform(
        workspace.open_snapshot(tmp_path), "rename", {"symbol": "Product.name", "new_name": "fresh"}
    )
    (change,) = done.changes
    assert (change.after or b"").decode().count("fresh") + len(done.doubtful) == 2


def test_the_head_of_a_table_gives_a_key(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("class Box { amount = 1; }\nconst f = (x) => x.amount;\n")
    (tmp_path / "a.csv").write_text("id;amount\n1;2\namount;3\n")
    done = refactor.perform(
        workspace.open_snapshot(tmp_path), "rename", {"symbol": "Box.amount", "new_name": "fresh"}
    )
    assert [d.split(": ")[0] for d in done.doubtful] == ["a.js:2", "a.csv:1"]
