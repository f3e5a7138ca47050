"""Members of classes in JavaScript, TypeScript, Go, Rust, Java, C and C++: which uses mean them."""

from __future__ import annotations

import re
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


def marked(text: str) -> tuple[str, str]:
    """A text with the uses that are meant marked `old~` (`old%` where a variable bears the name, too): without the
    marks, and with `fresh` in their place."""
    return re.sub("[~%]", "", text), re.sub(r"(\w+)%", r"fresh: \1", re.sub(r"\w+~", "fresh", text))


CASES = {
    "typescript: patterns, defaults and literals of a type": (
        "a.ts",
        ("interface Entry { level~: number; note?: string }\ninterface Other { level: number }\n"
        "const f = ({ level }: Other) => level;\nconst make = (): Entry => ({ level~: 1 });\n"
        "function g(e: Entry, o: Other) { e.level~ += o.level; const x: Entry = { level~: 2 }; return x; }\n"
        "class Log { constructor(private sink: Entry) {} go() { return [this.sink].map((s) => s.level~); } }\n"
        "for (const each of [make()]) console.log(each.level~, JSON.stringify({ level: 3 }));\n"),
        "Entry.level",
    ),
    "typescript: what a constructor keeps": (
        "a.ts",
        ("const start = 1;\nclass Box { constructor(private size~: number = start, readonly n = 1) { use(size~); }\n"
        "  get() { const o = { half: this.size~ / 2 }; return o; } }\nclass Bag { size = 2; }\n"
        "const f = (bag: Bag) => bag.size;\n"),
        "Box.size",
    ),
    "typescript: of what a constructor keeps": (
        "a.ts",
        ("interface Policy { compare~(): void }\nconst policy = 1;\nfunction g(o: Policy) { o.compare~(); }\n"
        "class Queue { constructor(readonly policy: Policy) { run(policy.compare~); } go() { return policy.compare; } }\n"
        "namespace Text { export const one = made(), compare = 2; function f() { return one.compare~ + compare; } }\n"
        "function made(): Policy { return null!; }\n"),
        "Policy.compare",
    ),
    "typescript: a type and a namespace of one name": (
        "a.ts",
        ("type Ok<T> = { kind: 'ok'; value: T };\ntype Err<E> = { kind: 'err'; error~: E };\ntype Result<T, E> = Ok<T> | Err<E>;\n"
        "namespace Result { export function error(r: Result<1, 2>) { return r.kind === 'ok' ? r.value : r.error~; } }\n"
        "const show = (r: Result<1, 2>) => r.kind === 'ok' ? 1 : Result.error(r) + r.error~;\n"),
        "Err.error",
    ),
    "typescript: what functions in an object's literal are called with": (
        "a.ts",
        ("interface Job { cost~: number }\ninterface Other { cost: number }\ntype By<T> = (a: T, b: T) => number;\n"
        "interface Policy { compare: By<Job>; keep(job: Job): boolean; n: number }\n"
        "const cheap: Policy = { compare(a, b) { return a.cost~ - b.cost~; }, keep: (job) => job.cost~ > 1, n: 1 };\n"
        "const other: Policy = { compare: (a, b) => a.cost~ - b.cost~, keep({ cost% }) { return cost > 1; }, n: 2 };\n"),
        "Job.cost",
    ),
    "typescript: what the constructor above is given": (
        "a.ts",
        ("interface Options { cost~: number; rank: number }\nclass Job { cost: number; constructor(o: Options) { this.cost = o.cost~; } }\n"
        "class Sum extends Job { constructor(more: Options) { super({ cost~: 1, rank: 2, ...more }); } }\n"),
        "Options.cost",
    ),
    "typescript: one member of the arms of a union": (
        "a.ts",
        ("type Shape = { kind~: 'a'; r: number } | { kind~: 'b'; w: number };\ntype Else = { kind: string };\n"
        "const f = (s: Shape, e: Else) => (s.kind~ === 'a' ? s.r : e.kind);\n"),
        "Shape.kind",
    ),
    "typescript: enums": (
        "a.ts",
        ("enum Level { Low~, High = 3 }\nenum Speed { Low, High }\nconst x = [Level.Low~, Speed.Low, Level.High];\n"),
        "Level.Low",
    ),
    "javascript: fields that a constructor makes": (
        "a.js",
        ("class Cache { constructor() { this.items~ = new Map(); this.other = 1; }\n"
        "  get(key) { return this.items~.get(key); } }\nclass Bag { items = []; }\n"
        "const cache = new Cache(); const bag = new Bag(); cache.items~.clear(); bag.items.push(1);\n"),
        "Cache.items",
    ),
    "javascript: what is of the language, or of a package": (
        "a.js",
        (
            "const tools = require('tools');\nclass Option { env~(name) { return this; } plain() { return this; } }\n"
            "new Option().plain().env~('A');\nconsole.log(process.env.PATH, tools.env);\n"
        ),
        "Option.env",
    ),
    "go: what variables of the package are": (
        "a.go",
        (
            "package a\n\ntype Set struct{ n int }\n\nfunc (s *Set) Grow~() *Set { return s }\n\ntype Bag struct{}\n\n"
            "func (b Bag) Grow() {}\n\nfunc make() *Set { return &Set{} }\n\nvar one = make()\n\nvar two, bag = make(), Bag{}\n\n"
            "func use() {\n\tone.Grow~().Grow~()\n\ttwo.Grow~()\n\tbag.Grow()\n\tx, _ := make(), 1\n\tx.Grow~()\n}\n"
        ),
        "Set.Grow",
    ),
    "go: a method and the interface that asks for it": (
        "a.go",
        ("package a\n\ntype Base struct{ n int }\n\nfunc (b *Base) Total~() int { return b.n }\n\ntype Box struct {\n\tBase\n\tx int\n}\n\n"
        "type Sum interface {\n\tTotal~() int\n}\n\ntype Lone struct{}\n\nfunc (Lone) Total(x, y int) {}\n\n"
        "func use(s Sum, b *Box, l Lone) int {\n\tl.Total(1, 2)\n\tf := b.Total~\n\treturn s.Total~() + f()\n}\n"),
        "Base.Total",
    ),
    "go: fields of what a loop and a literal give": (
        "a.go",
        ("package a\n\ntype step struct {\n\tname~ string\n\tn int\n}\n\ntype other struct{ name string }\n\nfunc make() []step {\n"
        '\treturn []step{{name~: "a"}, {"b", 2}}\n}\n\nfunc use(m map[string]*step, o other) string {\n\tfor _, s := range make() {\n'
        "\t\tprintln(s.name~, o.name, m[o.name].name~)\n\t}\n\tname := \"x\"\n\treturn name\n}\n"),
        "step.name",
    ),
    "rust: a variant's fields, and macros": (
        "src/lib.rs",
        ("pub enum Command { Move { id~: u8 }, Rename { id: u8, name: String } }\n"
        "use Command::*;\npub fn run(c: &Command, id: u8) -> u8 {\n    println!(\"{}\", id);\n    match c {\n"
        "        Move { id% } => *id,\n        Command::Rename { id, .. } => *id,\n    }\n}\n"
        "pub fn all(id: u8) -> Vec<Command> { vec![Command::Move { id~: id }, Command::Rename { id, name: String::new() }] }\n"),
        "Move.id",
    ),
    "rust: a trait, and those who have it": (
        "src/lib.rs",
        ("pub trait Shape { fn area~(&self) -> f64; fn twice(&self) -> f64 { self.area~() * 2.0 } }\n"
        "pub struct Circle(f64);\npub struct Plan;\nimpl Plan { pub fn area(&self) -> u8 { 1 } }\n"
        "impl Shape for Circle { fn area~(&self) -> f64 { self.0 } }\n"
        "pub fn sum(shapes: &[Box<dyn Shape>], plan: &Plan) -> f64 {\n"
        "    shapes.iter().map(|s| s.area~()).sum::<f64>() + f64::from(plan.area()) + <Circle as Shape>::area~(&Circle(1.0))\n}\n"),
        "Shape.area",
    ),
    "rust: variants that `use` makes known, in patterns": (
        "src/lib.rs",
        ("use Op::*;\n#[derive(Clone, Copy, PartialEq, Div)]\npub enum Op { Add, Div~ }\n"
        "pub fn run(op: Op, b: u8) -> u8 {\n    match (op, b) {\n        (Div~, 0) => 0,\n        (Div~ | Add, _) if op == Div~ => 1,\n"
        "        (Op::Div~, _) => 2,\n        (Add, n) => n,\n    }\n}\n"),
        "Op.Div",
    ),
    "rust: what an iterator or an option is made of": (
        "src/lib.rs",
        ("pub struct Op; impl Op { fn level~(&self) -> u8 { 1 } fn find(c: char) -> Option<Op> { None } }\n"
        "pub struct Page { level: u8 } impl Page { fn level(&self) -> u8 { 2 } fn new(c: char) -> Page { todo!() } }\n"
        "pub fn f(o: Option<char>, all: Vec<char>) {\n    o.and_then(Op::find).filter(|op| op.level~() > 1);\n"
        "    all.into_iter().filter_map(Op::find).for_each(|op| g(op.level~()));\n    all.iter().map(|c| Page::new(*c)).for_each(|p| g(p.level()));\n}\n"),
        "Op.level",
    ),
    "rust: a type's own method before a trait's, slices, marks of macros": (
        "src/lib.rs",
        ("pub trait Env { fn get~(&self) -> u8; }\npub struct Sheet;\nimpl Sheet { pub fn get(&self) -> u8 { 1 } }\n"
        "impl Env for Sheet { fn get~(&self) -> u8 { Sheet::get(self) } }\nmacro_rules! m { (@get $x:expr) => { $x }; }\n"
        "pub fn f(sheet: &Sheet, env: &dyn Env, text: &str) -> u8 { let rest = &text[1..]; rest.get(1); sheet.get() + env.get~() }\n"),
        "Env.get",
    ),
    "rust: places that are left out": (
        "src/lib.rs",
        ("pub struct Addr; impl Addr { fn text(&self) {} }\npub struct Cell; impl Cell { fn text~(&self) {} }\npub struct Both(Addr, Cell);\n"
        "pub fn all() -> impl Iterator<Item = (Addr, Cell)> { std::iter::empty() }\n"
        "pub fn f(b: Both) { all().for_each(|(_, cell)| cell.text~()); let Both(_, c) = b; c.text~(); }\n"),
        "Cell.text",
    ),
    "rust: in the tokens of macros": (
        "src/lib.rs",
        ("pub struct Row { cell~: u8, n: u8 }\npub struct Other { cell: u8 }\n"
        "macro_rules! rows { ($($cell:expr),*) => { &[$( Row { n: 1, cell~: $cell } ),*, ..Other { cell: 1 }] }; }\n"
        "pub fn f(row: &Row) -> u8 { let Row { cell%, .. } = row; println!(\"{cell}\"); *cell }\n"),
        "Row.cell",
    ),
    "java: overrides, method references, lambdas": (
        "Item.java",
        ("import java.util.*;\ninterface Item { String title~(); }\nclass Book implements Item {\n    private final String title;\n"
        "    Book(String title) { this.title = title; }\n    @Override public String title~() { return title; }\n}\n"
        "class Page { String title() { return \"p\"; } }\nclass Use {\n    static void go(List<? extends Item> items, Page page) {\n"
        "        items.stream().map(Item::title~).forEach(t -> System.out.println(t + page.title()));\n"
        "        for (var item : items) System.out.println(item.title~());\n        items.forEach(i -> i.title~());\n    }\n}\n"),
        "Item.title",
    ),
    "java: classes in classes, their references, what parts of records give": (
        "Use.java",
        ("interface Job { default int rank~() { return 1; } record Part(String name, int rank) {} record Slot(Job job, Track track) {} }\n"
        "enum Track { NORTH; String rank() { return name(); } }\n"
        "class Haul implements Job { public int rank~() { return sum(Job.super::rank~); } int sum(java.util.function.IntSupplier s) { return 1; } }\n"
        "class Use { int f(Job.Slot slot) { g(Job.Part::rank); g(Job::rank~); return slot.job().rank~() + slot.track().rank().length(); } }\n"),
        "Job.rank",
    ),
    "java: a variable of a method's name": (
        "Use.java",
        ("import java.util.*;\nclass Job { int rank; }\nclass Use { static Job job() { return null; }\n"
        "    static List<Job> jobs~() { return null; }\n    void f() { List<Job> jobs = jobs~(); g(jobs, Use.jobs~()); } }\n"),
        "Use.jobs",
    ),
    "java: what a stream is made of": (
        "Use.java",
        ("import java.util.*;\nclass Job { int rank~() { return 1; } }\nrecord Scored(Job job, int rank) {}\n"
        "class Use { void f(List<Job> jobs) {\n    jobs.stream().map(job -> new Scored(job, 1)).sorted().map(Scored::job).forEach(j -> j.rank~());\n"
        "    jobs.stream().map(j -> new Scored(j, j.rank~())).forEach(s -> g(s.rank()));\n} }\n"),
        "Job.rank",
    ),
    "java: records and constants of enums": (
        "Use.java",
        ("record Author(String name~, int born) { Author { if (name~.isBlank()) throw new RuntimeException(); } }\n"
        "enum Size { BIG, SMALL }\nclass Use {\n    String f(Author author, Size size) {\n        String name = author.name~();\n"
        "        return name + size.name();\n    }\n}\n"),
        "Author.name",
    ),
    "c: unions, designators and enums inside of structs": (
        "a.c",
        ("typedef struct { int data~; int n; } buffer;\nstruct other { int data; };\n"
        "struct walk { buffer text; struct other o; };\nint f(struct walk *w, struct other *data)\n{\n"
        "    buffer b = {.data~ = 1}, *p = &b;\n    struct other o = {.data = 2};\n"
        "    return w->text.data~ + w->o.data + p->data~ + o.data + data->data;\n}\n"),
        "buffer.data",
    ),
    "c: fields by name in the bodies of macros": (
        "a.c",
        ("struct ops { const char *name~; int (*fee)(int); };\nstruct column { const char *name; int at; };\n"
        "#define OPS(kind, fn) [kind] = { .name~ = #kind, .fee = fn }\n#define COLUMN(name, at) { .name = \"n\", .at = at }\n"
        "#define BOTH(n) { .at = (n), \\\n    .name = \"x\" }\nstruct ops all[] = { OPS(1, 0) };\n"),
        "ops.name",
    ),
    "c: what macros and offsetof name": (
        "a.c",
        ("struct sum { int total~; };\nstruct account { int balance; struct sum debit; };\n"
        "#define COLUMN(field) { #field, offsetof(struct account, field) }\n#define PUT(item, field, v) (item)->field = v\n"
        "struct column { const char *name; int offset; } columns[] = {\n    COLUMN(balance), COLUMN(debit.total~),\n"
        "    { 0, offsetof(struct account, debit.total~) }, { 0, offsetof(struct other, total) } };\n"
        "void f(struct sum *s, int total) { PUT(s, total~, total); g(total); }\nstruct other { int x; };\n"),
        "sum.total",
    ),
    "cpp: what is made like a function is declared": (
        "a.cpp",
        ("class Box { public: Box(int w, int h); int &at~(int n); };\nclass Bag { public: int at(int n); };\n"
        "int f(int size, Bag bag) { Box box(size, size); int (*g)(int) = 0; return box.at~(1) + bag.at(g(2)); }\n"),
        "Box.at",
    ),
    "cpp: enum classes, templates, pointers, what a library has": (
        "a.cpp",
        ("#include <memory>\n#include <tuple>\n#include <vector>\nclass Box {\npublic:\n    template <typename T> T get~() const { return T(size) + std::get<0>(std::make_tuple(get~<int>())); }\n"
        "    int size = 0;\n};\nclass Bag { public: int get() { return 1; } };\n"
        "int f(const std::vector<std::unique_ptr<Box>> &all, Bag bag)\n{\n    int sum = bag.get();\n"
        "    for (const auto &each : all) sum += each->get~<int>() + each.get()->size;\n    return sum;\n}\n"),
        "Box.get",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_member_is_taken_where_it_is_meant(tmp_path: Path, case: str) -> None:
    path, text, symbol = CASES[case]
    before, wanted = marked(text)
    after, doubtful = renamed(tmp_path, {path: before}, symbol, "fresh")
    assert after[path] == wanted
    assert doubtful == ()


def test_what_types_do_not_tell_is_listed(tmp_path: Path) -> None:
    text = "class A { put() {} }\nclass B { put() {} }\nfunction f(x) { new A().put(); x.put(); }\n"
    after, doubtful = renamed(tmp_path, {"a.js": text}, "A.put", "fresh")
    assert after["a.js"].count("fresh") == 2 and len(doubtful) == 1 and "x.put()" in doubtful[0]


def test_what_may_be_of_another_type_later_is_listed(tmp_path: Path) -> None:
    text = (
        "class A { put() {} }\nclass B { put() {} }\nfunction f(x) {\n  let one = false;\n  one = x;\n  one.put();\n"
        "  const two = x ? x.y : null;\n  two.put();\n  const three = x ? new B() : null;\n  three.put();\n"
        "  x.each((event) => event.put);\n}\n"
    )
    after, doubtful = renamed(tmp_path, {"a.js": text}, "A.put", "fresh")
    assert after["a.js"] == text.replace("A { put", "A { fresh") and len(doubtful) == 3


def test_an_object_s_key_of_the_name_leaves_untyped_uses_in_doubt(tmp_path: Path) -> None:
    text = "class Order { total() {} }\nconst tell = (total) => send({ total });\non((event) => log(event.total));\n"
    after, doubtful = renamed(tmp_path, {"a.js": text}, "Order.total", "sum")
    assert after["a.js"] == text.replace("{ total() {} }", "{ sum() {} }")
    assert len(doubtful) == 1 and "event.total" in doubtful[0]


def test_an_option_of_the_name_is_no_field(tmp_path: Path) -> None:
    text = (
        "class Sheet { constructor({ title = 'a', rows: { depth = 1 } = {} } = {}) { this.title = title; this.depth = depth; } }\n"
        "const show = (sheet) => sheet.title;\non(({ title }) => title);\n"
    )
    after, doubtful = renamed(tmp_path, {"a.js": text}, "Sheet.title", "fresh")
    assert "constructor({ title = 'a'" in after["a.js"] and "this.fresh = title" in after["a.js"]
    assert "sheet.fresh" in after["a.js"] and "({ fresh: title })" in after["a.js"] and len(doubtful) == 1


def test_a_member_of_one_of_ours_and_of_a_list_is_listed(tmp_path: Path) -> None:
    text = (
        "class Heap { push(n: number) {} pack(): void {} }\nfunction f(heap: Heap, list: number[]) {\n"
        "  (list.length ? heap : list).push(1); heap.push(2); }\n"
    )
    after, doubtful = renamed(tmp_path, {"a.ts": text}, "Heap.push", "fresh")
    assert after["a.ts"].count("fresh") == 2 and len(doubtful) == 1 and "a.ts:3" in doubtful[0]


def test_what_a_macro_of_rust_may_make_a_member_of_is_listed(tmp_path: Path) -> None:
    text = (
        "pub enum Fault { Lost, Late }\nmacro_rules! codes {\n    ($($v:ident => $c:literal),*) => { $( Fault::$v.code($c); )* };\n}\n"
        "codes! {\n    Lost => 1,\n    Late => 2\n}\nimpl Fault { fn code(self, n: u8) {} }\npub struct Mail; impl Mail { fn code(self) {} }\n"
    )
    after, doubtful = renamed(tmp_path, {"src/lib.rs": text}, "Fault.Lost", "Gone")
    assert after["src/lib.rs"] == text.replace("{ Lost", "{ Gone")
    assert doubtful == ("src/lib.rs:6: Lost => 1,",)
    _, doubtful = renamed(tmp_path, {"src/lib.rs": text}, "Fault.code", "number")
    assert len(doubtful) == 1 and "src/lib.rs:3" in doubtful[0]


def test_a_key_of_a_data_file_is_listed_and_leaves_untyped_uses_in_doubt(tmp_path: Path) -> None:
    files = {
        "a.js": "class Sheet { title = 1; }\nconst show = (sheet) => sheet.title;\nnew Sheet().title;\n",
        "data/budget.json": '{\n  "title": "Budget",\n  "subtitle": "title"\n}\n',
        "package.json": '{ "title": "x" }\n',
    }
    after, doubtful = renamed(tmp_path, files, "Sheet.title", "fresh")
    assert after["a.js"] == (
        "class Sheet { fresh = 1; }\nconst show = (sheet) => sheet.title;\nnew Sheet().fresh;\n"
    )
    assert [d.split(": ")[0] for d in doubtful] == ["a.js:2", "data/budget.json:2"]


def test_an_embedded_type_s_name_is_the_field_s(tmp_path: Path) -> None:
    text = (
        "package a\n\ntype Base~ struct{ n int }\n\ntype Box struct {\n\t*Base~\n}\n\n"
        "type Plan struct{ Base int }\n\nfunc use(p Plan) int {\n\tb := Box{Base~: &Base~{n: 1}}\n\treturn b.Base~.n + p.Base\n}\n"
    )
    before, wanted = marked(text)
    after, doubtful = renamed(tmp_path, {"a.go": before}, "a.go:Base", "fresh")
    assert after["a.go"] == wanted and doubtful == ()


def test_a_private_name_keeps_its_mark(tmp_path: Path) -> None:
    text = "class A { #n = 1; n = 2; go() { return this.#n + this.n; } }\n"
    after, _ = renamed(tmp_path, {"a.js": text}, "A.#n", "count")
    assert after["a.js"] == "class A { #count = 1; n = 2; go() { return this.#count + this.n; } }\n"


def test_a_static_import_follows(tmp_path: Path) -> None:
    files = {
        "a/Texts.java": "package a;\n\npublic class Texts { public static String quote(String s) { return s; } }\n",
        "Main.java": "import static a.Texts.quote;\n\nclass Main { String s = quote(a.Texts.quote(null)); }\n",
    }
    after, doubtful = renamed(tmp_path, files, "Texts.quote", "mark")
    assert after == {p: t.replace("quote", "mark") for p, t in files.items()} and doubtful == ()


def test_a_text_in_a_macro_is_a_mention(tmp_path: Path) -> None:
    text = 'struct a { int size; };\n#define SAY(x) say("size", (x)->size)\n#define NONE(x) say("n", (x)->size)\n'
    after, doubtful = renamed(tmp_path, {"a.c": text}, "a.size", "count")
    assert after["a.c"] == text.replace("->size", "->count").replace("int size", "int count")
    assert len(doubtful) == 1 and doubtful[0].startswith("a.c:2: ")


def test_a_macro_that_makes_the_name_is_listed(tmp_path: Path) -> None:
    text = (
        "#define CASE(name) \\\n    case KIND_##name:\nenum { KIND_ONE, KIND_COUNT };\n"
        "int f(int kind) { switch (kind) { CASE(ONE) return 1; } return KIND_COUNT; }\n"
    )
    after, doubtful = renamed(tmp_path, {"a.c": text}, "a.c:KIND_ONE", "FIRST")
    assert after["a.c"] == text.replace("KIND_ONE", "FIRST")
    assert doubtful == ("a.c:2: case KIND_##name:",)
    assert renamed(tmp_path, {"a.c": text}, "a.c:KIND_COUNT", "KINDS")[1] == ()


def test_a_method_that_no_library_asks_for_so_may_be_renamed(tmp_path: Path) -> None:
    text = (
        "package a\n\ntype T struct{}\n\nfunc (t T) Value(x int) int { return x }\n\nvar x = T{}.Value(1)\n"
    )
    after, doubtful = renamed(tmp_path, {"a.go": text}, "T.Value", "Worth")
    assert after["a.go"] == text.replace("Value", "Worth") and doubtful == ()


def test_what_is_known_by_a_bound_alone_may_be_an_heir_s(tmp_path: Path) -> None:
    text = (
        "interface Event { String name(); }\nrecord Dropped(String name, String reason) implements Event {}\n"
        "record Other(String reason) {}\ninterface Listener<E extends Event> { void accept(E event); }\nclass Bus {\n"
        "    <E extends Event> Bus on(Class<E> type, Listener<? super E> listener) { return this; }\n"
        "    void f() {\n        on(Dropped.class, event -> g(event.reason()));\n        on(Dropped.class, event -> g(event.name()));\n    }\n}\n"
    )
    _, doubtful = renamed(tmp_path, {"Bus.java": text}, "Dropped.reason", "why")
    assert [d.split(": ")[0] for d in doubtful] == ["Bus.java:8"]
    after, doubtful = renamed(tmp_path, {"Bus.java": text}, "Event.name", "title")
    assert "event.title()" in after["Bus.java"] and doubtful == ()


def test_a_length_is_asked_for_where_something_is_sorted(tmp_path: Path) -> None:
    text = "package a\n\ntype T []int\n\nfunc (t T) Len() int { return 1 }\n\nvar x = T{}.Len()\n"
    after, _ = renamed(tmp_path, {"a.go": text}, "T.Len", "Size")
    assert after["a.go"] == text.replace("Len", "Size")
    text += "\nfunc (t T) Less(i, j int) bool { return t[i] < t[j] }\n\nfunc (t T) Swap(i, j int) {}\n"
    with pytest.raises(RefactorError, match="may be called"):
        renamed(tmp_path, {"a.go": text}, "T.Len", "Size")


def test_a_method_of_java_that_takes_more_is_not_the_library_s(tmp_path: Path) -> None:
    text = "class Main { private void run(int n) {} void go() { run(1); } }\n"
    after, doubtful = renamed(tmp_path, {"Main.java": text}, "Main.run", "work")
    assert after["Main.java"] == text.replace("run", "work") and doubtful == ()
    with pytest.raises(RefactorError, match="may be called"):
        renamed(tmp_path, {"Main.java": text.replace("int n", "")}, "Main.run", "work")


def test_an_iterator_s_next_stays(tmp_path: Path) -> None:
    text = "class Walk { Walk next() { return this; } }\n"
    assert renamed(tmp_path, {"Walk.java": text}, "Walk.next", "onward")[1] == ()
    with pytest.raises(RefactorError, match="may be called"):
        both = text.replace("{ Walk next", "{ boolean hasNext() { return false; } Walk next")
        renamed(tmp_path, {"Walk.java": both}, "Walk.next", "onward")


def test_what_a_range_loop_calls_stays(tmp_path: Path) -> None:
    text = "struct R { int *begin(); int *end(); };\nint f(R r) { for (int x : r) return x; return 0; }\n"
    with pytest.raises(RefactorError, match="may be called"):
        renamed(tmp_path, {"a.cpp": text}, "R.begin", "start")


def test_a_list_of_several_kinds_is_of_none_of_them(tmp_path: Path) -> None:
    text = (
        "class Rule { name = 'a'; }\nclass Page { name = 'b'; rules = [new Rule()]; }\nconst page = new Page();\n"
        "[...page.rules, page].map(({ name }) => name);\n[new Page(), page].map((p) => p.name);\n"
    )
    after, doubtful = renamed(tmp_path, {"a.js": text}, "Page.name", "fresh")
    assert after["a.js"] == text.replace("{ name = 'b'", "{ fresh = 'b'").replace("p.name", "p.fresh")
    assert len(doubtful) == 1 and "({ name })" in doubtful[0]


def test_another_name_for_a_pointer_s_type_points_on(tmp_path: Path) -> None:
    text = (
        "class Node { public: virtual int size() const = 0; };\nusing NodePtr = std::unique_ptr<Node>;\n"
        "using Nodes = std::vector<NodePtr>;\nstruct Tree { NodePtr left_; Nodes all_; int sum() { int n = left_->size();\n"
        "  for (const auto& one : all_) n += one->size(); return n + all_[0]->size() + (*left_).size() + all_.size(); } };\n"
    )
    after, doubtful = renamed(tmp_path, {"a.cpp": text}, "Node.size", "room")
    assert doubtful == () and after["a.cpp"] == text.replace("size(", "room(").replace(
        "all_.room(", "all_.size("
    )
