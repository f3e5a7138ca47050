"""Language servers of the user: which are found, when they are asked, and what their word counts."""

from __future__ import annotations

import shutil
import stat
import sys
from pathlib import Path

import pytest

from qcode import refactor, sandbox, trust, workspace
from qcode.config import paths
from qcode.errors import RefactorError
from qcode.refactor.servers.ask import asked
from qcode.refactor.servers.known import Server, server_for

walled = pytest.mark.skipif(sandbox.probe().name == "none", reason="no sandbox here")
GO = {
    "go.mod": "module shop\n",
    "a.go": "package shop\n\ntype Cart struct{}\ntype Bag struct{}\n\nfunc (c Cart) Total() int { return 1 }\n"
    "func (b Bag) Total() int { return 2 }\n",
    "b.go": 'package shop\n\n// é𝒳\nfunc use(ours, theirs any2) {\n\ts := "𝒳é"; ours.Total(); theirs.Total()\n}\n',
}


def program(place: Path, text: str) -> Path:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text)
    place.chmod(place.stat().st_mode | stat.S_IXUSR)
    return place


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository in Go, and a user who has a `gopls`."""
    root = tmp_path / "shop"
    root.mkdir()
    for name, text in GO.items():
        (root / name).write_text(text)
    server = Path(__file__).with_name("small_server.py").read_text()
    program(tmp_path / "bin" / "gopls", f"#!{sys.executable}\n{server}")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    return root


def renamed(root: Path) -> tuple[str, tuple[str, ...], str]:
    done = refactor.perform(
        workspace.open_snapshot(root), "rename", {"symbol": "Cart.Total", "new_name": "Sum"}
    )
    after = {c.path: (c.after or b"").decode() for c in done.changes}
    return after.get("b.go", ""), done.doubtful, done.summary


@walled
def test_a_server_decides_what_the_tree_leaves_in_doubt(shop: Path) -> None:
    trust.grant(shop, paths().state)
    text, doubtful, said = renamed(shop)
    assert 's := "𝒳é"; ours.Sum(); theirs.Total()' in text and said.endswith("as gopls says.")
    assert any("theirs.Total()" in line for line in doubtful)


def test_without_trust_no_server_is_asked(shop: Path) -> None:
    text, doubtful, said = renamed(shop)
    assert text == "" and "says" not in said
    assert any("ours.Total(); theirs.Total()" in line for line in doubtful)


@walled
def test_python_s_server_decides_whose_member_it_is(shop: Path, tmp_path: Path) -> None:
    text = (
        "class Cart:\n    def total(self): pass\n\nclass Bag:\n    def total(self): pass\n\n"
        "def use(ours, theirs, own):\n    'é'; ours.total()\n    theirs.total()\n"
    )
    (shop / "a.py").write_text(text)
    with pytest.raises(RefactorError, match="it cannot be said"):
        refactor.rename(workspace.open_snapshot(shop), "Cart.total", "amount")
    (tmp_path / "bin" / "gopls").rename(tmp_path / "bin" / "basedpyright-langserver")
    with pytest.raises(RefactorError, match="it cannot be said"):  # no trust, no server
        refactor.rename(workspace.open_snapshot(shop), "Cart.total", "amount")
    trust.grant(shop, paths().state)
    done = refactor.rename(workspace.open_snapshot(shop), "Cart.total", "amount")
    after = (done.changes.changes["a.py"].after or b"").decode()
    assert "ours.amount()" in after and after.count("def total") == 1 and "theirs.total()" in after
    (shop / "a.py").write_text(text + "    own.total()\n")  # of this it says nothing
    with pytest.raises(RefactorError, match=r"own\.total"):
        refactor.rename(workspace.open_snapshot(shop), "Cart.total", "amount")


@walled
@pytest.mark.slow
@pytest.mark.skipif(
    server_for("python", Path("/nowhere")) is None, reason="no basedpyright of the user's here"
)
def test_basedpyright_knows_the_types_of_elements(tmp_path: Path) -> None:
    text = (
        "class Cart:\n    def total(self) -> int: return 1\n\nclass Bag:\n    def total(self) -> int: return 2\n\n"
        "def use(all: list[Cart], bags: dict[str, Bag]):\n    return [c.total() for c in all], bags['a'].total()\n"
    )
    root = tmp_path / "shop"
    root.mkdir()
    (root / "a.py").write_text(text)
    trust.grant(root, paths().state)
    done = refactor.rename(workspace.open_snapshot(root), "Cart.total", "amount")
    after = (done.changes.changes["a.py"].after or b"").decode()
    assert "[c.amount() for c in all], bags['a'].total()" in after and after.count("def total") == 1


@walled
def test_a_server_that_does_not_answer_is_given_up(shop: Path, tmp_path: Path) -> None:
    server = Server("gopls", (str(tmp_path / "bin" / "gopls"), "never"))
    snapshot = workspace.open_snapshot(shop)
    contents = {name: snapshot.read(name) for name in ("a.go", "b.go")}
    assert asked(server, snapshot, contents, "a.go", contents["a.go"].index(b"Total"), "Sum", 2.0) is None


@walled
def test_what_a_server_writes_stays_in_its_layer_and_unsaved_text_is_seen(shop: Path, tmp_path: Path) -> None:
    fired = tmp_path / "fired"
    script = Path(__file__).with_name("small_server.py").read_text()
    script = script.replace(
        "    texts: dict",
        f"    for place in ({str(fired)!r}, {str(shop / 'fired')!r}):\n"
        "        try:\n            open(place, 'w').close()\n        except OSError:\n            pass\n    texts: dict",
    )
    server = Server("gopls", (str(program(tmp_path / "bin" / "gopls", f"#!{sys.executable}\n{script}")),))
    snapshot = workspace.open_snapshot(shop)
    contents = {"a.go": snapshot.read("a.go"), "b.go": b"package shop\n\nvar x = ours.Total()\n"}
    answer = asked(server, snapshot, contents, "a.go", contents["a.go"].index(b"Total"), "Sum")
    assert answer is not None and ("b.go", contents["b.go"].index(b"Total")) in answer.places
    assert not fired.exists() and not (shop / "fired").exists()


def extracted(root: Path, place: str, name: str) -> tuple[str, str]:
    done = refactor.perform(workspace.open_snapshot(root), "extract", {"place": place, "new_name": name})
    ((path, change),) = done.changes.changes.items()
    assert path == place.partition(":")[0]
    return (change.after or b"").decode(), done.summary


@walled
def test_a_server_makes_a_function_of_lines_and_it_is_called_as_wanted(shop: Path) -> None:
    trust.grant(shop, paths().state)
    text, said = extracted(shop, "b.go:5", "both")
    assert text == (
        "package shop\n\n// é𝒳\nfunc use(ours, theirs any2) {\n\tboth() // 𝒳é\n}\n"
        '\nfunc both() {\n\ts := "𝒳é"; ours.Total(); theirs.Total()\n}\n'
    )
    assert said.endswith("as gopls does it: 4 places.")


@walled
@pytest.mark.parametrize(
    ("place", "name", "why"),
    [
        ("a.go:6-7", "both", "gopls cannot make a function of a.go:6-7"),
        ("b.go:5", "use", "uses the name use already"),
        ("b.go:5", "func", "no name for a function"),
        ("b.go:5", "a-b", "no name for a function"),
        ("b.go:2", "both", "no code in lines 2-2"),
        ("b.go:70", "both", "no code in lines 70-70"),
        ("b.go:5:2-5:8", "both", "in Python alone"),
        ("c.go:5", "both", "does not exist"),
    ],
)
def test_what_a_server_cannot_extract_is_refused(shop: Path, place: str, name: str, why: str) -> None:
    trust.grant(shop, paths().state)
    with pytest.raises(RefactorError, match=why):
        extracted(shop, place, name)


def test_extracting_by_a_server_takes_trust_and_a_server(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(RefactorError, match="only in repositories that you trust"):
        extracted(shop, "b.go:5", "both")
    trust.grant(shop, paths().state)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RefactorError, match="takes a language server of yours: gopls"):
        extracted(shop, "b.go:5", "both")


REAL = {
    "script": ("a.ts", "export function f(s: string): string {\n  const t = s.trim();\n  const u = t + t;\n  return u;\n}\n",
               "  const u = both(s);\n  return u;\n}\n"),
    "go": ("a.go", "package a\n\nfunc f(s int) int {\n\tt := s + 1\n\tu := t * t\n\treturn u\n}\n", "\tu := both(s)\n\treturn u\n}\n"),
    "c": ("a.cpp", "int f(int s) {\n    int u = 0;\n    for (int i = 0; i < s; i++) {\n        u += i;\n    }\n    return u;\n}\n",
          "    int u = 0;\n    both(s, u);\n    return u;\n"),
}  # fmt: skip


@walled
@pytest.mark.slow
@pytest.mark.parametrize("language", REAL)
def test_real_servers_extract(tmp_path: Path, language: str) -> None:
    if server_for(language, Path("/nowhere")) is None:
        pytest.skip("no such server of the user's here")
    path, text, wanted = REAL[language]
    root = tmp_path / "real"
    root.mkdir()
    (root / path).write_text(text)
    (root / "go.mod").write_text("module a\n")
    trust.grant(root, paths().state)
    first, last = (3, 5) if language == "c" else (4, 5) if language == "go" else (2, 3)
    after, _ = extracted(root, f"{path}:{first}-{last}", "both")
    assert wanted in after


def test_the_repositorys_own_programs_are_passed_over(tmp_path: Path) -> None:
    root, user = tmp_path / "repo", tmp_path / "user"
    for name in ("tsserver", "tsc", "gopls", "clangd", "rust-analyzer", "node"):
        program(root / "node_modules" / ".bin" / name, "#!/bin/sh\n")
    own = program(root / "node_modules" / "typescript" / "bin" / "tsserver", "#!/bin/sh\n")
    program(user / "node", "#!/bin/sh\n")
    (user / "tsserver").symlink_to(own)
    (tmp_path / "way").symlink_to(root / "node_modules" / ".bin")
    folders = [
        str(root / "node_modules" / ".bin"),
        "node_modules/.bin",
        ".",
        str(tmp_path / "way"),
        str(user),
    ]
    for language in ("script", "go", "rust", "c"):
        assert server_for(language, root, folders) is None
    program(user / "gopls", "#!/bin/sh\n")
    found = server_for("go", root, folders)
    assert found is not None and found.command == (str(user / "gopls"),)


def test_typescript_is_npms_own_where_the_user_installed_it(tmp_path: Path) -> None:
    home = tmp_path / "lib" / "typescript"
    program(home / "bin" / "tsc", "#!/bin/sh\n")
    (home / "package.json").write_text('{"name": "typescript", "version": "7.0.2"}')
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "tsc").symlink_to(home / "bin" / "tsc")
    found = server_for("script", tmp_path / "repo", [str(tmp_path / "bin")])
    assert found is not None and found.command[1:] == ("--lsp", "--stdio") and found.protocol == "lsp"
    (home / "package.json").write_text('{"name": "typescript", "version": "5.9.0"}')
    assert server_for("script", tmp_path / "repo", [str(tmp_path / "bin")]) is None
    program(tmp_path / "bin" / "tsserver", "")
    program(tmp_path / "bin" / "node", "")
    found = server_for("script", tmp_path / "repo", [str(tmp_path / "bin")])
    assert found is not None and found.protocol == "tsserver"


@walled
@pytest.mark.slow
@pytest.mark.skipif(server_for("script", Path("/nowhere")) is None, reason="no TypeScript of the user's here")
def test_typescript_knows_the_type_and_runs_nothing_of_the_repository(tmp_path: Path) -> None:
    root, fired = tmp_path / "shop", tmp_path / "fired"
    run = f"require('fs').writeFileSync({str(fired)!r}, 'x')\n"
    for name, text in {
        "store.ts": "export class Cart {\n  get(name: string): string { return name; }\n}\n",
        "use.ts": 'import { Cart } from "./store";\nconst m = new Map<string, string>();\n'
        "export const f = (all: Cart[]) => all.map((one) => one.get(m.get('a') ?? ''));\n",
        "tsconfig.json": '{"compilerOptions": {"strict": true, "plugins": [{"name": "evil"}]}}',
        "node_modules/typescript/package.json": '{"name": "typescript", "version": "5.0.0"}',
        "node_modules/typescript/lib/tsserver.js": run,
        "node_modules/typescript/lib/tsserverlibrary.js": run,
        "node_modules/evil/index.js": run,
        "node_modules/evil/package.json": '{"name": "evil", "main": "index.js"}',
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    trust.grant(root, paths().state)
    done = refactor.perform(
        workspace.open_snapshot(root), "rename", {"symbol": "Cart.get", "new_name": "find"}
    )
    after = {c.path: (c.after or b"").decode() for c in done.changes}
    assert "one.find(m.get('a')" in after["use.ts"] and "says" in done.summary
    assert not fired.exists() and shutil.which("node")
