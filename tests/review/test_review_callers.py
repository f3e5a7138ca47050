"""Callers that a change broke: which name means the changed function, and which only looks so."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from qcode.review import review

OLD = "def fetch(url):\n    return url\n\n\ndef close():\n    return None\n"
NEEDS_MORE = OLD.replace("def fetch(url)", "def fetch(url, timeout)")
RENAMED = OLD.replace("def fetch(", "def load(")


def git(root: Path, *args: str) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    subprocess.run(["git", *identity, *args], cwd=root, check=True, capture_output=True)


def broken(root: Path, files: dict[str, str], new: str, old: str = OLD) -> list[tuple[str, int]]:
    """(path, line) of the broken callers in `files` when pkg/net.py changes from `old` to `new`."""
    root.mkdir()
    for path, text in {"pkg/__init__.py": "", "pkg/net.py": old, **files}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "first")
    (root / "pkg" / "net.py").write_text(new)
    git(root, "add", "-A")
    return [(f.path, f.line) for f in review(root, "staged").findings if f.rule == "broken-caller"]


CALLS = {
    "by name": "from pkg.net import fetch\nfetch(1)\n",
    "by another name": "from pkg.net import fetch as get\nget(1)\n",
    "through the module": "from pkg import net\nnet.fetch(1)\n",
    "through the package": "import pkg\npkg.net.fetch(1)\n",
    "through a renamed package": "import pkg as p\np.net.fetch(1)\n",
    "in a lambda": "from pkg.net import fetch\nf = lambda x: fetch(x)\n",
    "in a comprehension": "from pkg.net import fetch\nf = [fetch(x) for x in range(3)]\n",
    "imported in the function": "def f():\n    from pkg.net import fetch\n    return fetch(1)\n",
    "its module imported in the function": "def f():\n    import pkg.net\n    return pkg.net.fetch(1)\n",
    "in a default": "from pkg.net import fetch\ndef f(x=fetch(1)): pass\n",
    "in a method of that name": (
        "from pkg.net import fetch\nclass A:\n    def fetch(self):\n        return fetch(1)\n"
    ),
    "beside a function that hides it": (
        "from pkg.net import fetch\ndef f(fetch):\n    return fetch(1)\ndef g():\n    return fetch(1)\n"
    ),
}


@pytest.mark.parametrize("how", CALLS)
def test_a_call_is_found(tmp_path: Path, how: str) -> None:
    text = CALLS[how]
    assert broken(tmp_path / "r", {"use.py": text}, NEEDS_MORE) == [("use.py", text.count("\n"))]


def test_a_package_may_be_called_like_a_keyword(tmp_path: Path) -> None:
    root = tmp_path / "r"
    (root / "fromage").mkdir(parents=True)
    (root / "fromage/__init__.py").write_text("")
    (root / "fromage/net.py").write_text(OLD)
    (root / "use.py").write_text("import fromage\nfromage.net.fetch(1)\n")
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "first")
    (root / "fromage/net.py").write_text(NEEDS_MORE)
    assert [(f.path, f.line) for f in review(root, "worktree").findings] == [("use.py", 2)]


METHODS = """@final
class A(Base):
    def get(self, key):
        return key

    @contextmanager
    def both(self):
        return self.get(1), self.shut()

    def shut(self):
        pass
"""


def test_a_class_calls_its_own_methods(tmp_path: Path) -> None:
    old = OLD + METHODS
    more = old.replace("get(self, key)", "get(self, key, default)")
    assert broken(tmp_path / "a", {}, more, old) == [("pkg/net.py", 14)]
    assert broken(tmp_path / "b", {}, more.replace("get(1)", "get(1, 2)"), old) == []
    gone = old.replace("    def shut(self):\n        pass\n", "")
    assert broken(tmp_path / "c", {}, gone, old) == []  # the base may have it
    alone = [text.replace("(Base)", "") for text in (gone, old)]
    assert broken(tmp_path / "d", {}, *alone) == [("pkg/net.py", 14)]
    mixin = "class Mixin:\n    def shut(self):\n        pass\n"
    assert broken(tmp_path / "e", {}, alone[0] + mixin, alone[1]) == []


def test_a_class_with_a_base_is_made_as_its_own_init_says(tmp_path: Path) -> None:
    old = "class Net(Base):\n    def __init__(self, url):\n        self.url = url\n"
    new = old.replace("url):", "url, *, timeout):")
    use = {"use.py": "from pkg.net import Net\nNet(1)\n"}
    assert broken(tmp_path / "a", use, new, old) == [("use.py", 2)]
    enum = [text.replace("Base", "enum.Enum") for text in (new, old)]
    assert broken(tmp_path / "b", use, *enum) == []


NAMESPACES = {
    "by its name": ("src/app/json/__init__.py", "src/app/use.py", "from app.json import fetch\nfetch(1)\n"),
    "by dots": ("src/app/net.py", "src/app/sub/use.py", "from ..net import fetch\nfetch(1)\n"),
    "its module, by dots": ("src/app/net.py", "src/app/use.py", "from . import net\nnet.fetch(1)\n"),
    "of a project inside": ("libs/one/app/net.py", "main.py", "import app.net\napp.net.fetch(1)\n"),
}


@pytest.mark.parametrize("how", NAMESPACES)
def test_a_package_needs_no_init(tmp_path: Path, how: str) -> None:
    changed, caller, text = NAMESPACES[how]
    standard = "import json\nfrom json import load\njson.fetch(1)\n"
    files = {changed: OLD, caller: text, "src/app/other.py": standard, "libs/one/pyproject.toml": ""}
    root = tmp_path / "r"
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(content)
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "first")
    (root / changed).write_text(NEEDS_MORE)
    assert [(f.path, f.line) for f in review(root, "worktree").findings] == [(caller, 2)]


def test_a_bracket_that_never_closes_holds_nobody_up(tmp_path: Path) -> None:
    """A pattern that tries every way to divide the comments would not end while anybody waits; in a
    process of its own, because a pattern at work cannot be interrupted."""
    text = (
        "from pkg.net import fetch\nfetch(1)\n" + '"""import (\n' + "#aaaaaaaaaaaaaaaaaaaa\n" * 400 + '"""\n'
    )
    code = (
        "import sys\nfrom pathlib import Path\nfrom test_review_callers import NEEDS_MORE, broken\n"
        "root, text = Path(sys.argv[1]), sys.stdin.read()\n"
        "print(broken(root, {'use.py': text}, NEEDS_MORE))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "r")],
        input=text,
        capture_output=True,
        text=True,
        timeout=60,
        cwd=Path(__file__).parent,
        check=True,
    )
    assert done.stdout == "[('use.py', 2)]\n"


def test_a_call_through_a_package_that_passes_the_function_on(tmp_path: Path) -> None:
    files = {
        "pkg/__init__.py": "from .net import fetch as get\n",
        "use.py": "import pkg\npkg.get(1)\n",
        "more.py": "from pkg import get\nget(1)\n",
    }
    assert broken(tmp_path / "r", files, NEEDS_MORE) == [("more.py", 2), ("use.py", 2)]


OTHERS = {
    "a parameter": "from pkg.net import fetch\ndef f(fetch):\n    return fetch(1)\n",
    "a local": "from pkg.net import fetch\ndef f():\n    fetch = len\n    return fetch(1)\n",
    "a nested function": (
        "from pkg.net import fetch\ndef f():\n    def fetch(x): return x\n    return fetch(1)\n"
    ),
    "a loop's variable": "from pkg.net import fetch\nf = [fetch(1) for fetch in ()]\n",
    "an import of a function": (
        "from pkg.net import fetch\ndef f():\n    from other import fetch\n    return fetch(1)\n"
    ),
    "bound again": "from pkg.net import fetch\nfetch = str\nfetch(1)\n",
    "bound again by a function": (
        "from pkg.net import fetch\ndef f():\n    global fetch\n    fetch = str\nfetch(1)\n"
    ),
    "a fallback": "try:\n    from pkg.net import fetch\nexcept ImportError:\n    fetch = str\nfetch(1)\n",
    "a class's own": "from pkg.net import close\nclass A:\n    fetch = str\n    x = fetch(1)\n",
    "another module's": "from other.net import fetch\nfetch(1)\n",
    "stars": "from pkg.net import fetch\nfetch(*[1, 2])\n",
}


@pytest.mark.parametrize("what", OTHERS)
def test_what_only_looks_like_a_call_is_left_alone(tmp_path: Path, what: str) -> None:
    assert broken(tmp_path / "r", {"use.py": OTHERS[what]}, NEEDS_MORE) == []


def test_the_file_itself_is_looked_at(tmp_path: Path) -> None:
    more = "\n\ndef both():\n    return fetch(1)\n"
    assert broken(tmp_path / "r", {}, NEEDS_MORE + more, OLD + more) == [("pkg/net.py", 10)]


IMPORT = {"use.py": "from pkg.net import fetch\n"}
SHIM = """

def __getattr__(name):
    if name in {"old", "older"}:
        return globals()["new_" + name]
    raise AttributeError(name)
"""


def test_a_removed_name_is_found_in_spite_of_a_getattr_that_lists_its_names(tmp_path: Path) -> None:
    method = "\n\nclass A:\n    def __getattr__(self, name):\n        return name\n"
    evaluated = "\n\ndef run(code):\n    return eval(code, globals(), {})\n"
    for n, more in enumerate((method, SHIM, evaluated)):
        assert broken(tmp_path / str(n), IMPORT, RENAMED + more, OLD + more) == [("use.py", 1)]


@pytest.mark.parametrize(
    "more",
    [
        SHIM.replace('"older"', '"fetch"'),
        SHIM.replace('name in {"old", "older"}', 'name.startswith("f")'),
        SHIM.replace("    raise AttributeError(name)", "    return load"),
        "\nfrom other import *\n",
        "\nglobals().update(fetch=load)\n",
        "\nglobals()['fetch'] = load\n",
        "\nexec('fetch = load')\n",
        "\nfill(vars())\n",
    ],
    ids=["listed", "by a rule", "for all", "star", "update", "item", "exec", "handed out"],
)
def test_a_name_that_the_module_may_still_have_is_left_alone(tmp_path: Path, more: str) -> None:
    assert broken(tmp_path / "r", IMPORT, RENAMED + more, OLD + more) == []


def test_only_stubs_of_a_function_are_no_function(tmp_path: Path) -> None:
    stub = "from typing import overload\n\n\n@overload\ndef fetch(url: str) -> str: ...\n"
    assert broken(tmp_path / "r", IMPORT, stub + RENAMED, stub + OLD) == [("use.py", 1)]
    assert broken(tmp_path / "s", {"use.py": CALLS["by name"]}, stub + NEEDS_MORE, stub + OLD) == [
        ("use.py", 2)
    ]


def test_callers_are_looked_for_in_the_index_not_on_the_disk(tmp_path: Path) -> None:
    """Git searches the disk quicker; where that is not what is staged, the index decides."""
    root = tmp_path / "staged"
    (root / "pkg").mkdir(parents=True)
    call, none = "from pkg.net import fetch\nfetch(1)\n", "x = 1\n"
    calling = ["same.py", "edited.py", "gone.py", "left_out.py"]
    for name in calling:
        (root / name).write_text(call)
    (root / "disk_only.py").write_text(none)
    (root / "pkg/__init__.py").write_text("")
    (root / "pkg/net.py").write_text("def fetch(url):\n    return url\n")

    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "first")
    (root / "pkg/net.py").write_text("def fetch(url, timeout):\n    return url\n")
    git(root, "add", "-A")
    (root / "edited.py").write_text(none)
    (root / "gone.py").unlink()
    git(root, "update-index", "--skip-worktree", "left_out.py")
    (root / "left_out.py").unlink()
    (root / "disk_only.py").write_text(call)
    found = {f.path for f in review(root, "staged").findings if f.rule == "broken-caller"}
    assert found == set(calling)
