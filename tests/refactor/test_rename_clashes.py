"""New names that mean something already, or that Python or the file cannot take."""

from __future__ import annotations

from pathlib import Path

import pytest
from renames import after, renamed

from qcode.errors import RefactorError


@pytest.mark.parametrize(
    ("files", "old", "new"),
    [
        # the new name means something already: in a relative, an attribute, a field, a scope, a star import
        ({"a.py": "class B:\n    def old(self): ...\nclass K(B):\n    def new(self): ...\n"}, "B.old", "new"),
        ({"a.py": "class B:\n    def new(self): ...\nclass K(B):\n    def old(self): ...\n"}, "K.old", "new"),
        ({"a.py": "class C:\n    def __init__(self): self.new = 1\n    def old(self): ...\n"}, "C.old", "new"),
        ({"a.py": "class C:\n    new: int = 0\n    def old(self): ...\n"}, "C.old", "new"),
        ({"a.py": "class C(dict):\n    def old(self): ...\n"}, "C.old", "keys"),
        ({"a.py": "def old(): ...\nif True:\n    def new(): ...\n"}, "old", "new"),
        ({"a.py": "def old(): ...\ndef g():\n    def new(): ...\n    old()\n"}, "old", "new"),
        ({"a.py": "def old(): ...\ntry: old()\nexcept E as new: ...\n"}, "old", "new"),
        ({"a.py": "def old(): ...\nprint(1)\n"}, "old", "print"),
        ({"a.py": "def old(): ...\n", "b.py": "from c import *\nfrom a import old\n", "c.py": "new = 1\n"}, "old", "new"),
        # an import of something else under the same name
        ({"a.py": "try:\n    from fast import old\nexcept ImportError:\n    def old(): ...\n"}, "old", "new"),
        # names that Python or the file cannot take
        ({"a.py": "class C:\n    def old(self): ...\n"}, "C.old", "__new"),
        ({"a.py": b"# -*- coding: latin-1 -*-\n# \xe9\ndef old(): ...\n"}, "old", "名前"),
    ],
)  # fmt: skip
def test_what_would_change_a_meaning_is_refused(
    tmp_path: Path, files: dict[str, str | bytes], old: str, new: str
) -> None:
    with pytest.raises(RefactorError) as caught:
        renamed(tmp_path, files, old, new)
    assert caught.value.message and caught.value.hint


def test_another_scope_s_local_name_is_no_clash(tmp_path: Path) -> None:
    text = "def old(): pass\ndef f(new): return new\ndef g(): old()\n"
    done = renamed(tmp_path, {"a.py": text}, "old", "new")
    assert after(done, "a.py") == "def new(): pass\ndef f(new): return new\ndef g(): new()\n"
