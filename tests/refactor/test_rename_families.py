"""Members of a class that its bases, heirs and protocols have, too: all of them follow, or none."""

from __future__ import annotations

from pathlib import Path

import pytest
from renames import after, renamed

from qcode.errors import RefactorError


def test_a_namesake_s_heirs_are_left_alone(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "a.py": "class Base:\n    def get(self): return 1\n",
        "b.py": "class Base:\n    def get(self): return 2\n\n\nclass Kid(Base):\n    def get(self): return super().get()\n",
    }
    done = renamed(tmp_path, files, "a.py:Base.get", "fetch")
    assert done.changes.paths == ("a.py",)


def test_stubs_of_heirs_follow(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "m.py": "class A:\n    def old(self): pass\nclass B(A):\n    def old(self): pass\nclass C:\n    def old(self): pass\n",
        "m.pyi": "class A:\n    def old(self): ...\nclass B(A):\n    async def old(self): ...\nclass C:\n    def old(self): ...\n",
    }
    done = renamed(tmp_path, files, "A.old", "new")
    assert after(done, "m.pyi") == str(files["m.pyi"]).replace("old", "new", 2)


def test_methods_that_a_base_asks_of_its_heirs_are_one(tmp_path: Path) -> None:
    text = (
        "class Rule:\n    def parse(self):\n        return self._parse()\n\n\nclass One(Rule):\n    def _parse(self):\n        return 1\n\n\n"
        "class Two(Rule):\n    def _parse(self):\n        return 2\n\n\nclass Reader:\n    def _parse(self):\n        return 3\n"
    )
    done = renamed(tmp_path, {"a.py": text}, "One._parse", "_read")
    mine, _, other = text.rpartition("class Reader")
    assert after(done, "a.py") == mine.replace("_parse", "_read") + "class Reader" + other


def test_a_base_that_an_annotation_names_is_followed(tmp_path: Path) -> None:
    text = (
        "class Signer:\n    def sign(self): return 1\n\n\nclass Writer:\n    def __init__(self, signer):\n"
        "        self.signer: type[Signer] = signer\n\n\ndef test_own(writer: Writer):\n    class Bad(writer.signer):\n"
        "        def sign(self): return super().sign()\n\n    writer.signer = Bad\n"
    )
    done = renamed(tmp_path, {"a.py": text}, "Signer.sign", "mark")
    assert after(done, "a.py") == text.replace("sign(", "mark(")


_CACHES = "class Cache:\n    def size(self):\n        return 1\n\n\nclass Small(Cache):\n    pass\n"


_HELD_CLASS = (
    "from a import Cache, Small\n\n\nclass Checks:\n    Cache = None\n\n    def test_own(self):\n"
    "        class Mine(self.Cache):\n            def size(self):\n                return 2\n\n"
    "        assert Mine().size() == 2\n\n\nclass TestCache(Checks):\n    Cache = Cache\n\n\n"
    "class TestSmall(Checks):\n    Cache = Small\n"
)


def test_a_base_that_is_an_attribute_of_classes_of_tests_is_followed(tmp_path: Path) -> None:
    done = renamed(tmp_path, {"a.py": _CACHES, "test_a.py": _HELD_CLASS}, "Cache.size", "room")
    assert after(done, "test_a.py") == _HELD_CLASS.replace("size()", "room()").replace("def size", "def room")


def test_a_base_that_may_be_anything_is_refused(tmp_path: Path) -> None:
    text = _HELD_CLASS.replace("Cache = Small", "Cache = made()")
    with pytest.raises(RefactorError, match="may override"):
        renamed(tmp_path, {"a.py": _CACHES, "test_a.py": text}, "Cache.size", "room")


def test_a_base_from_elsewhere_is_a_doubt(tmp_path: Path) -> None:
    done = renamed(
        tmp_path,
        {"a.py": "import elsewhere\nclass C(elsewhere.Thread):\n    def run(self): ...\n"},
        "C.run",
        "go",
    )
    assert any("elsewhere.Thread" in place for place in done.doubtful)


def test_a_method_that_overrides_one_from_elsewhere_is_refused(tmp_path: Path) -> None:
    text = "import click\n\n\nclass Checks:\n    def parse(self, args):\n        return super().parse(args)\n\n\nclass Command(Checks, click.Command):\n    pass\n"
    with pytest.raises(RefactorError, match="not in this repository"):
        renamed(tmp_path, {"a.py": text}, "Checks.parse", "read")


_PROTOCOL = (
    "from typing import Protocol\n\n\nclass Readable(Protocol):\n    def take(self): ...\n    def end(self): ...\n\n\n"
    "class File:\n    def take(self): pass\n    def end(self): pass\n\n\n"
    "def use(source: Readable):\n    source.take()\n\n\nuse(File())\n"
)


@pytest.mark.parametrize("old", ["File.take", "Readable.take"])
def test_what_a_protocol_asks_for_is_refused(tmp_path: Path, old: str) -> None:
    with pytest.raises(RefactorError, match="the protocol Readable asks for take, maybe of File"):
        renamed(tmp_path, {"a.py": _PROTOCOL}, old, "fetch")


@pytest.mark.parametrize(("use", "asked"), [("use(File())", True), ("use(made())", False)])
def test_a_protocol_asks_of_a_bigger_class_where_that_is_handed_on(
    tmp_path: Path, use: str, asked: bool
) -> None:
    more = "".join(f"    def m{n}(self): pass\n" for n in range(9))
    text = _PROTOCOL.replace("use(File())", use).replace("\n\ndef use", f"{more}\n\ndef use")
    if asked:
        with pytest.raises(RefactorError, match="the protocol Readable"):
            renamed(tmp_path, {"a.py": text}, "File.take", "fetch")
    else:
        renamed(tmp_path, {"a.py": text}, "File.take", "fetch")


def test_a_protocol_that_a_class_has_not_all_members_of_is_another(tmp_path: Path) -> None:
    text = _PROTOCOL.replace("    def end(self): pass\n", "")
    done = renamed(tmp_path, {"a.py": text}, "File.take", "fetch")
    assert after(done, "a.py") == text.replace("def take(self): pass", "def fetch(self): pass")


def test_an_heir_in_a_function_has_its_base_from_an_import_there(tmp_path: Path) -> None:
    heir = "def test_it():\n    from pkg.base import Base\n    class Own(Base):\n        def run(self): pass\n    Own().run()\n"
    files = {
        "pkg/__init__.py": "",
        "pkg/base.py": "class Base:\n    def run(self): pass\n",
        "test_a.py": heir,
    }
    done = renamed(tmp_path, files, "Base.run", "go")
    assert after(done, "test_a.py") == heir.replace("run", "go")
