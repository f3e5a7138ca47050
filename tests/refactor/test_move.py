"""Moves of symbols and of modules."""

from __future__ import annotations

from pathlib import Path

import pytest
from moves import Files, moved

from qcode import refactor, workspace
from qcode.errors import RefactorError

PACKAGE: Files = {
    "app/__init__.py": "from app.utils import slug\n",
    "app/utils.py": (
        "import re\nimport os\n\nSEP = '-'\n\n\n# Letters only.\ndef slug(text):\n    return re.sub(r'\\W', SEP, text)\n\n\n"
        "def cwd():\n    return os.getcwd()\n"
    ),
    "app/text.py": '"""Texts."""\n\n\ndef upper(text):\n    return text.upper()\n',
    "app/page.py": "from app.utils import cwd, slug as s\n\n\ndef page():\n    return s(cwd())\n",
    "app/other.py": "import app.utils\n\nX = app.utils.slug('a')\nY = app.utils.cwd()\n",
    "tests/test_a.py": "from unittest import mock\nfrom app import utils\n\n\n@mock.patch('app.utils.slug')\ndef test(m):\n    utils.slug('a')\n",
}


@pytest.mark.smoke
def test_a_function_takes_its_imports_along_and_its_users_follow(tmp_path: Path) -> None:
    after = moved(tmp_path, PACKAGE, "slug", "app.text")
    assert after["app/text.py"] == (
        '"""Texts."""\n\nimport re\nfrom app.utils import SEP\n\n\ndef upper(text):\n    return text.upper()\n\n\n'
        "# Letters only.\ndef slug(text):\n    return re.sub(r'\\W', SEP, text)\n"
    )
    assert after["app/utils.py"] == "import os\n\nSEP = '-'\n\n\ndef cwd():\n    return os.getcwd()\n"
    assert after["app/__init__.py"] == "from app.text import slug\n"
    assert after["app/page.py"].startswith("from app.utils import cwd\nfrom app.text import slug as s\n")
    assert "X = app.text.slug('a')\nY = app.utils.cwd()" in after["app/other.py"]
    assert "import app.text\n" in after["app/other.py"]
    assert (
        "mock.patch('app.text.slug')" in after["tests/test_a.py"]
        and "text.slug('a')" in after["tests/test_a.py"]
    )


def test_a_new_module_is_made_and_a_new_name_given(tmp_path: Path) -> None:
    after = moved(tmp_path, PACKAGE, "app.utils.slug", "app.slugs")
    assert "def slug(text)" in after["app/slugs.py"] and after["app/slugs.py"].startswith("import re\n")
    after = moved(tmp_path / "b", PACKAGE, "app.utils.slug", "app.text.dashed")
    assert "def dashed(text)" in after["app/text.py"]
    assert after["app/__init__.py"] == "from app.text import dashed\n"


def test_what_the_old_module_still_uses_comes_back_by_import(tmp_path: Path) -> None:
    files = {"a.py": "def f():\n    return 1\n\n\ndef g():\n    return f()\n", "b.py": "X = 1\n"}
    after = moved(tmp_path, files, "f", "b")
    assert after["a.py"] == "from b import f\n\ndef g():\n    return f()\n"
    assert after["b.py"] == "X = 1\n\n\ndef f():\n    return 1\n"


def test_a_circle_is_avoided_by_an_import_where_it_is_used(tmp_path: Path) -> None:
    files = {
        "a.py": 'LIMIT = 3\n\n\ndef f(x):\n    """Doc."""\n    return x < LIMIT\n\n\ndef g():\n    return f(2)\n',
        "b.py": "X = 1\n",
    }
    after = moved(tmp_path, files, "f", "b")
    assert 'def f(x):\n    """Doc."""\n    from a import LIMIT\n    return x < LIMIT\n' in after["b.py"]
    scope: dict[str, object] = {}
    (tmp_path / "a.py").write_text(after["a.py"])
    (tmp_path / "b.py").write_text(after["b.py"])
    import subprocess
    import sys

    for first in ("import a; a.g()", "import b; b.f(1)"):
        subprocess.run([sys.executable, "-c", first], cwd=tmp_path, check=True)
    assert not scope


@pytest.mark.parametrize(
    ("files", "what", "to", "said"),
    [
        ({"a.py": "def f(): ...\n", "b.py": "f = 1\n"}, "a.f", "b", "taken"),
        ({"a.py": "import re\ndef f(): re\n", "b.py": "re = 1\n"}, "f", "b", "something else"),
        ({"a.py": "def f(): return __file__\n", "b.py": ""}, "f", "b", "__file__"),
        ({"a.py": "N = 0\ndef f():\n    global N\n    N = 1\n", "b.py": ""}, "f", "b", "sets N"),
        ({"a.py": "N = 0\ndef f(): return N\ndef g():\n    global N\n    N = 1\n", "b.py": ""}, "f", "b", "set anew"),
        ({"a.py": "class C:\n    def f(self): ...\n", "b.py": ""}, "C.f", "b", "inside of"),
        ({"a.py": "if 1:\n    def f(): ...\n", "b.py": ""}, "f", "b", "another statement"),
        ({"a.py": "def f(): ...\ndef f(): ...\n", "b.py": ""}, "f", "b", "bound 2 times"),
        ({"a.py": "B = 1\nclass C:\n    x = B\ny = C()\n", "b.py": ""}, "C", "b", "circle"),
        ({"a.py": "def h(): ...\ndef f(): h()\n", "b.py": "", "t.py": "from unittest import mock\nmock.patch('a.h')\n"}, "f", "b", "replaces"),
        ({"a.py": "def f(): ...\n"}, "f", "json.y", "hide"),
        ({"a.py": "import yaml\ndef f(): ...\n"}, "f", "yaml.y", "another yaml"),
        ({"a.py": "def f(): ...\n"}, "f", "x-y/z.py", "no name of a package"),
        ({"p/__init__.py": "x = 1\n", "p/a.py": "def f(): ...\n"}, "f", "p.x.y", "taken"),
        ({"a.py": "def f(): ...\n", "b.py": "y = 1\n"}, "f", "b.y", "taken"),
        ({"a.py": "def f(): ...\n", "b.py": "print(__file__)\n"}, "f", "b/y.py", "found by its path"),
        ({"t/a/conftest.py": "", "t/a/test_x.py": "", "t/b/test_y.py": ""}, "t/a/test_x.py", "t/b/test_x.py", "serves"),
        ({"a.py": "def f(): ...\n"}, "ff", "b", "Did you mean f"),
        ({"a.py": "", "b.py": ""}, "a", "b", "there already"),
        ({"a.py": "", "b.py": ""}, "a", "json", "hide"),
    ],
)  # fmt: skip
def test_what_would_change_a_meaning_is_refused(
    tmp_path: Path, files: Files, what: str, to: str, said: str
) -> None:
    with pytest.raises(RefactorError) as caught:
        moved(tmp_path, files, what, to)
    assert said in caught.value.message + caught.value.hint


MODULES: Files = {
    "pkg/__init__.py": "from . import slug\nfrom .slug import make\n",
    "pkg/slug.py": "from .base import X\nfrom . import base\n\n\ndef make():\n    return X, base.X\n",
    "pkg/base.py": "X = 1\n",
    "pkg/sub/__init__.py": "",
    "pkg/sub/deep.py": "from ..slug import make\nfrom .. import slug, base\n\nY = slug.make(), base.X\n",
    "use.py": "import pkg.slug\nimport pkg.slug as p\nfrom pkg import slug\n\nprint(pkg.slug.make(), p.make, slug.make, 'pkg.slug.make')\n",
    "pyproject.toml": '[project.scripts]\nslug = "pkg.slug:make"\n',
}


def test_a_module_gets_another_name(tmp_path: Path) -> None:
    files = {k: v for k, v in MODULES.items() if k != "pyproject.toml"}
    (tmp_path / "pyproject.toml").write_text(MODULES["pyproject.toml"])
    after = moved(tmp_path, files, "pkg.slug", "pkg.slugs")
    assert (
        after["pyproject.toml"] == '[project.scripts]\nslug = "pkg.slugs:make"\n'
        if "pyproject.toml" in after
        else True
    )
    assert after["pkg/__init__.py"] == "from . import slugs\nfrom .slugs import make\n"
    assert after["pkg/slugs.py"] == MODULES["pkg/slug.py"] and "pkg/slug.py" not in after
    assert (
        after["pkg/sub/deep.py"]
        == "from ..slugs import make\nfrom .. import slugs, base\n\nY = slugs.make(), base.X\n"
    )
    assert after["use.py"] == MODULES["use.py"].replace("slug", "slugs")


def test_a_module_goes_into_another_package(tmp_path: Path) -> None:
    files = {k: v for k, v in MODULES.items() if k not in ("pyproject.toml",)}
    after = moved(tmp_path, files, "pkg.slug", "pkg.sub.names")
    assert after["pkg/sub/names.py"].startswith("from ..base import X\nfrom .. import base\n")
    assert after["pkg/__init__.py"] == "from .sub import names\nfrom .sub.names import make\n"
    assert "from .names import make\nfrom .. import base\nfrom . import names\n" in after["pkg/sub/deep.py"]
    assert "import pkg.sub.names\nimport pkg.sub.names as p\nfrom pkg.sub import names\n" in after["use.py"]


def test_what_only_annotations_need_is_imported_for_type_checkers(tmp_path: Path) -> None:
    files = {
        "app/__init__.py": "",
        "app/a.py": "from __future__ import annotations\n\nfrom app.b import Kind\n\n\ndef make(kind: Kind) -> Kind:\n    return kind\n",
        "app/b.py": "from app.c import base\n\n\nclass Kind(base):\n    pass\n",
        "app/c.py": "from __future__ import annotations\n\nbase = object\n",
    }
    after = moved(tmp_path, files, "make", "app.c")
    assert "if TYPE_CHECKING:\n    from app.b import Kind\n" in after["app/c.py"]
    files["app/c.py"] = "base = object\n"
    with pytest.raises(RefactorError, match="circle"):
        moved(tmp_path / "other", files, "make", "app.c")


def test_a_class_that_its_module_still_needs_is_taken_back_where_it_was(tmp_path: Path) -> None:
    files = {
        "app/__init__.py": "from app.a import Heir\n",
        "app/a.py": "class Root:\n    pass\n\n\nclass Middle(Root):\n    pass\n\n\nclass Heir(Middle):\n    pass\n",
        "app/inner.py": "from app.a import Middle\n",
        "test_a.py": "from app.a import Middle\n",
    }
    after = moved(tmp_path, files, "Middle", "app/new.py")
    assert after["app/a.py"] == (
        "class Root:\n    pass\n\n\nfrom app.new import Middle\n\n\nclass Heir(Middle):\n    pass\n"
    )
    assert after["app/new.py"].startswith("from app.a import Root\n")
    assert (
        after["app/inner.py"] == files["app/inner.py"]
        and after["test_a.py"] == "from app.new import Middle\n"
    )
    files["app/__init__.py"] = ""  # then nothing loads the old module first
    with pytest.raises(RefactorError, match="circle"):
        moved(tmp_path / "other", files, "Middle", "app/new.py")


def test_a_taken_module_name_a_list_of_names_and_a_shown_class(tmp_path: Path) -> None:
    files = {
        "app/__init__.py": "",
        "app/a.py": "import re\n\n\nclass Store:\n    def find(self):\n        return re.findall\n",
        "app/b.py": "",
        "docs.py": "ignored = {('py:class', 'app.a.re')}\n",
        "test_a.py": (
            "from app import a\nb = 1\n\n\ndef test():\n    assert repr(a.Store()).startswith('<app.a.Store object')\n"
        ),
    }
    after = moved(tmp_path, files, "Store", "app.b")
    assert "from app.b import Store\n" in after["test_a.py"]
    assert "repr(Store()).startswith('<app.b.Store object')" in after["test_a.py"]


def test_modules_whose_names_are_put_together(tmp_path: Path) -> None:
    files = {
        "app/__init__.py": "from importlib import import_module\n\n\ndef load(package, name): return import_module(package + name)\n",
        "app/langs/__init__.py": "packages = ('app.langs.', '')\n",
        "app/langs/de.py": "",
        "app/other.py": "",
    }
    with pytest.raises(RefactorError, match="begins the names of modules"):
        moved(tmp_path, files, "app/langs/de.py", "app/langs/german.py")
    with pytest.raises(RefactorError, match="begins the names of modules"):
        moved(tmp_path, files, "app/langs", "app/tongues")
    asked = files | {"app/langs/__init__.py": "def ours(name): return name.startswith(('app.langs.', 'x'))\n"}
    assert "app/langs/german.py" in moved(tmp_path, asked, "app/langs/de.py", "app/langs/german.py")
    shown = files | {
        "app/langs/__init__.py": "def shown(x): return f'app.langs.{x.name}(1)' + 'app.langs.%s (2)' % x\n"
    }
    assert "app/langs/german.py" in moved(tmp_path, shown, "app/langs/de.py", "app/langs/german.py")
    assert "app/more.py" in moved(tmp_path, files, "app/other.py", "app/more.py")


def test_modules_that_are_loaded_by_name(tmp_path: Path) -> None:
    files = {
        "app/__init__.py": "import sys\nfrom app import one\nALL = [sys.modules['app.' + m] for m in ('one',)]\n",
        "app/one.py": "",
    }
    with pytest.raises(RefactorError, match="loads modules by name"):
        moved(tmp_path, files, "app/one.py", "app/two.py")
    assert moved(tmp_path / "t", {"test_x.py": "", "a.py": ""}, "test_x.py", "test_y.py").keys() == {
        "test_y.py",
        "a.py",
    }


@pytest.mark.parametrize("to", ["/away.py", "../away.py", "app/../../away.py", "~/away.py"])
def test_nothing_moves_out_of_the_repository(tmp_path: Path, to: str) -> None:
    with pytest.raises(RefactorError, match="no place in this repository"):
        moved(tmp_path, {"a.py": "def f():\n    pass\n"}, "f", to)


def test_overloads_move_with_their_function(tmp_path: Path) -> None:
    files: Files = {
        "a.py": (
            "from typing import overload\n\nX = 1\n\n\n@overload\ndef f(x: int) -> int: ...\n\n\n@overload\ndef f(x: str) -> str: ...\n\n\n"
            "def f(x):\n    return x\n\n\ndef g():\n    return f(X)\n"
        ),
        "b.py": "from a import f\n\nf(1)\n",
    }
    after = moved(tmp_path, files, "a.py:f", "c.py")
    assert after["c.py"] == (
        "from typing import overload\n\n\n@overload\ndef f(x: int) -> int: ...\n\n\n@overload\ndef f(x: str) -> str: ...\n\n\n"
        "def f(x):\n    return x\n"
    )
    assert after["a.py"] == "from c import f\n\nX = 1\n\n\ndef g():\n    return f(X)\n"
    assert after["b.py"] == "from c import f\n\nf(1)\n"
    files["a.py"] = files["a.py"].replace("X = 1\n", "X = 1\nf = None\n")
    with pytest.raises(RefactorError, match="bound 4 times"):
        moved(tmp_path, files, "a.py:f", "d.py")


def test_a_text_that_shows_an_object_with_its_module_follows_the_module(tmp_path: Path) -> None:
    files: Files = {
        "app/__init__.py": "",
        "app/stores.py": "class Memory: pass\n\n\nclass Disk: pass\n",
        "tests/test_a.py": (
            "import re\nfrom app import stores\n\n\ndef test():\n"
            "    assert re.match(r'<app\\.stores\\.(Memory|Disk) object', repr(stores.Disk()))\n"
            "    assert re.match('<app\\\\.stores\\\\.Disk ', repr(stores.Disk()))\n"
            "    assert repr(stores.Disk()).startswith('<app.stores.Disk object')\n"
            "    assert 'see app.stores.pickle' and 'my.app.stores.Disk object'\n"
        ),
    }
    after = moved(tmp_path, files, "app/stores.py", "app/kept.py")
    kept = files["tests/test_a.py"].replace("stores", "kept")
    assert after["tests/test_a.py"] == kept.replace(
        "'see app.kept.pickle' and 'my.app.kept", "'see app.stores.pickle' and 'my.app.stores"
    )


def test_a_path_in_a_string_that_nothing_patches_with_does_not_hinder(tmp_path: Path) -> None:
    files: Files = {
        "app/__init__.py": "",
        "app/cli.py": "def process(x):\n    return x\n\n\ndef main():\n    return process(1)\n",
        "app/old.py": "from app import cli\n\nprocess = wrapped(cli.process, replace='app.cli.process', patch=1)\n",
    }
    after = moved(tmp_path, files, "app/cli.py:main", "app/run.py")
    assert "from app.cli import process" in after["app/run.py"]
    files["app/old.py"] = (
        "from unittest import mock\n\nwith mock.patch(target='app.cli.process'):\n    pass\n"
    )
    with pytest.raises(RefactorError, match="replaces a name"):
        moved(tmp_path / "b", files, "app/cli.py:main", "app/run.py")


def test_a_class_s_body_reads_what_it_has_not_set_from_the_module(tmp_path: Path) -> None:
    files = {
        "app/__init__.py": "from app.base import Any, Sign\n",
        "app/base.py": "Any = object()\n\n\nclass Sign:\n    Any = Any\n\n    def on(self, who=Any):\n        return who\n",
    }
    after = moved(tmp_path, files, "Sign", "app/sign.py")
    assert after["app/sign.py"].startswith("from app.base import Any\n\n\nclass Sign:\n    Any = Any\n")


def test_a_module_got_by_import_module_is_followed(tmp_path: Path) -> None:
    files = {
        "app/__init__.py": "",
        "app/a.py": "def go():\n    return 1\n\n\ndef stay():\n    return 2\n",
        "test_a.py": (
            "import importlib\n\n\ndef test_go():\n    a = importlib.import_module('app.a')\n    assert a.go() + a.stay() == 3\n"
        ),
    }
    after = moved(tmp_path, files, "go", "app/b.py")
    assert "from app import b\n" in after["test_a.py"] and "b.go() + a.stay()" in after["test_a.py"]


@pytest.mark.parametrize("line", ["from lab.model import Invoice, paid", "from .model import Invoice, paid"])
def test_a_function_moves_to_where_what_it_uses_is_defined(tmp_path: Path, line: str) -> None:
    files = {
        "lab/__init__.py": "",
        "lab/model.py": "class Invoice:\n    total = 1\n\n\ndef paid(x):\n    return x\n",
        "lab/report.py": f"{line}\n\n\ndef summary(x: Invoice, by=paid):\n    return paid(x.total)\n\n\nX = 1\n",
        "main.py": "from lab.report import summary\n\nprint(summary)\n",
    }
    after = moved(tmp_path, files, "summary", "lab.model")
    assert after["lab/model.py"] == (
        files["lab/model.py"] + "\n\ndef summary(x: Invoice, by=paid):\n    return paid(x.total)\n"
    )
    assert after["lab/report.py"] == "\n\nX = 1\n" or after["lab/report.py"] == "X = 1\n"
    assert after["main.py"].startswith("from lab.model import summary\n")


@pytest.mark.parametrize(
    ("model", "report", "why"),
    [
        (
            "class Invoice: pass\n",
            "from lab.model import Invoice as Inv\n\ndef f(x: Inv): return x\n",
            "Inv is called Invoice",
        ),
        (
            "class Invoice: pass\nclass Inv: pass\n",
            "from lab.model import Invoice as Inv\n\ndef f(x: Inv): return x\n",
            "Inv means something else",
        ),
        (
            "class Invoice: pass\n\nfrom lab.report import f\n\nprint(f)\n",
            "from lab.model import Invoice\n\ndef f(x=Invoice()): return x\n",
            "takes Invoice of it while it is loaded",
        ),
    ],
)
def test_what_would_not_be_the_same_where_it_is_defined_is_refused(
    tmp_path: Path, model: str, report: str, why: str
) -> None:
    files = {"lab/__init__.py": "", "lab/model.py": model, "lab/report.py": report}
    with pytest.raises(RefactorError, match=why):
        moved(tmp_path, files, "lab.report.f", "lab.model")


def test_a_class_stays_where_no_more_can_be_made_elsewhere(tmp_path: Path) -> None:
    nodes = (
        "class Kind(type):\n    pass\n\n\nclass Node(metaclass=Kind):\n    pass\n\n\nclass Leaf(Node):\n    pass\n\n\n"
        "def no(*args):\n    raise TypeError('no more')\n\n\nKind.__new__ = staticmethod(no)\n"
    )
    files = {"a/__init__.py": "", "a/nodes.py": nodes, "a/b.py": "X = 1\n"}
    with pytest.raises(RefactorError, match=r"a/nodes.py:17 changes how classes are made"):
        moved(tmp_path, files, "Leaf", "a.b")


def test_a_package_that_is_being_loaded_is_no_circle(tmp_path: Path) -> None:
    files = {
        "app/__init__.py": "from app.uri import Uri\n",
        "app/misc.py": "KINDS = ()\n",
        "app/mixin.py": "from . import misc\n\n\nclass Mixin:\n    kinds = misc.KINDS\n",
        "app/uri.py": "from .mixin import Mixin\n\n\nclass Uri(Mixin): pass\n",
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    done = refactor.perform(
        workspace.open_snapshot(tmp_path), "move", {"symbol": "Mixin", "to": "app/parts.py"}
    )
    assert (done.changes.changes["app/parts.py"].after or b"").startswith(b"from . import misc\n")


@pytest.mark.parametrize("attribute", [False, True])
def test_functions_import_what_would_make_a_circle(tmp_path: Path, attribute: bool) -> None:
    use = "tree.node(1)" if attribute else "node(1)"
    imports = "from app import tree" if attribute else "from app.tree import leaf, node"
    files = {
        "app/__init__.py": "",
        "app/tree.py": "def node(x):\n    return [x]\n\n\ndef leaf(x):\n    return x\n",
        "app/parser.py": f'{imports}\n\n\ndef parse(text):\n    """Parse."""\n    return {use}\n',
        "app/visitor.py": "from app.parser import parse\n\n\ndef visit(text):\n    return parse(text)\n",
        "app/user.py": "from app.parser import node\n",
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    move = {"symbol": "node", "to": "app/visitor.py"}
    if not attribute:  # somebody takes it from the parser
        with pytest.raises(RefactorError, match="circle"):
            refactor.perform(workspace.open_snapshot(tmp_path), "move", move)
    (tmp_path / "app/user.py").unlink()
    done = refactor.perform(workspace.open_snapshot(tmp_path), "move", move)
    kept = "from app import tree\n" if attribute else "from app.tree import leaf\n"
    assert (done.changes.changes["app/parser.py"].after or b"").decode() == (
        f'{kept}\n\ndef parse(text):\n    """Parse."""\n    from app.visitor import node\n    return node(1)\n'
    )


def test_a_package_s_list_of_modules_follows(tmp_path: Path) -> None:
    files = {
        "app/__init__.py": "from . import filters, views\n\n__all__ = ['filters', 'views']\n",
        "app/filters.py": "X = 1\n",
        "app/views.py": "from app import filters\n\n__all__ = ['filters_of']\nfilters_of = filters.X\n",
        "test_app.py": "from app import *\n",
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    done = refactor.perform(
        workspace.open_snapshot(tmp_path), "move", {"symbol": "app/filters.py", "to": "app/sieves.py"}
    )
    after = {c.path: (c.after or b"").decode() for c in done.changes}
    assert after["app/__init__.py"] == "from . import sieves, views\n\n__all__ = ['sieves', 'views']\n"
    assert after["app/views.py"].startswith("from app import sieves\n\n__all__ = ['filters_of']\n")


def test_an_import_over_lines_without_parentheses(tmp_path: Path) -> None:
    files = {
        "a.py": "def one(): pass\n\n\ndef two(): pass\n\n\ndef three(): pass\n",
        "b.py": "from a import one, \\\n    two, three\n\none(), two(), three()\n",
    }
    for path, text in files.items():
        (tmp_path / path).write_text(text)
    done = refactor.perform(workspace.open_snapshot(tmp_path), "move", {"symbol": "two", "to": "c.py"})
    after = (done.changes.changes["b.py"].after or b"").decode()
    assert after == "from a import one, three\nfrom c import two\n\none(), two(), three()\n"


def test_nothing_moves_into_a_program(tmp_path: Path) -> None:
    for path, text in {
        "a.py": "def apply(x):\n    return x\n",
        "b.py": "import a\n\na.apply(1)\n",
        "run.py": "import sys\n\nfiles = sys.argv[1:]\n",
        "tool.py": "import sys\n\n\ndef main():\n    sys.exit(sys.argv)\n\n\nif __name__ == '__main__':\n    main()\n",
    }.items():
        (tmp_path / path).write_text(text)
    snapshot = workspace.open_snapshot(tmp_path)
    with pytest.raises(RefactorError, match=r"program.*run\.py:3"):
        refactor.perform(snapshot, "move", {"symbol": "apply", "to": "run.py"})
    assert refactor.perform(snapshot, "move", {"symbol": "apply", "to": "tool.py"}).places
    (tmp_path / "__main__.py").write_text("import b\n")
    with pytest.raises(RefactorError, match="program"):
        refactor.perform(workspace.open_snapshot(tmp_path), "move", {"symbol": "apply", "to": "__main__.py"})


def test_a_package_that_tests_import_through_src(tmp_path: Path) -> None:
    for path, text in {
        "src/app/__init__.py": "from .patch import parse, Patch\n",
        "src/app/patch.py": "from . import errors\n\n\nclass Patch: pass\n\n\ndef parse(x):\n    return Patch()\n",
        "src/app/errors.py": "class Wrong(Exception): pass\n",
        "tests/test_app.py": "from src import app as a\nfrom src.app.patch import Patch\n\n\ndef test():\n    assert isinstance(a.patch.parse(1), Patch)\n",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    move = {"symbol": "parse", "to": "src/app/errors.py"}
    done = refactor.perform(workspace.open_snapshot(tmp_path), "move", move)
    after = {c.path: (c.after or b"").decode() for c in done.changes}
    assert "from .patch import Patch" in after["src/app/errors.py"]
    assert "import src.app.errors" in after["tests/test_app.py"]
    assert "src.app.errors.parse(1)" in after["tests/test_app.py"]
