"""Attributes that methods set on their instance are renamed, exactly or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from qcode import refactor, workspace
from qcode.errors import RefactorError

_BODY = (
    "class Body:\n    def __init__(self, mass, vel):\n        self.mass = mass\n        self.vel, self.hist = vel, []\n\n"
    "    def push(self):\n        self.mass += 1\n        return self.mass\n"
)


def renamed(
    root: Path, files: dict[str, str], old: str, new: str
) -> tuple[dict[str, str], refactor.Refactoring]:
    for path, text in files.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    done = refactor.perform(workspace.open_snapshot(root), "rename", {"symbol": old, "new_name": new})
    return files | {c.path: (c.after or b"").decode() for c in done.changes}, done


def refused(root: Path, files: dict[str, str], old: str, new: str) -> str:
    with pytest.raises(RefactorError) as caught:
        renamed(root, files, old, new)
    return caught.value.message


def test_an_attribute_is_renamed_with_its_uses_and_its_parameter_is_not(tmp_path: Path) -> None:
    files = {
        "body.py": _BODY,
        "use.py": (
            "from unittest import mock\nfrom operator import attrgetter\nfrom body import Body\n\n\n"
            "class Star(Body):\n    __slots__ = ('mass',)\n    def glow(self):\n        return super().push() + self.mass\n\n\n"
            "def weigh(bodies, other):\n    one = Body(1, mass=2)\n    setattr(one, 'mass', 3)\n"
            "    with mock.patch.object(one, 'mass', 4):\n        pass\n"
            "    print(f'{one.mass} of {other.mass}')\n    bodies.sort(key=attrgetter('mass'))\n"
            "    match other:\n        case Body(mass=found):\n            return found\n"
            "    return sum(b.mass for b in bodies)\n"
        ),
    }
    after, _ = renamed(tmp_path, files, "Body.mass", "mass_kg")
    assert after["body.py"] == _BODY.replace("self.mass", "self.mass_kg")
    use = files["use.py"].replace(".mass", ".mass_kg").replace("'mass'", "'mass_kg'")
    assert after["use.py"] == use.replace("Body(mass=found)", "Body(mass_kg=found)")


def test_the_parameter_of_the_same_name_is_named_by_its_function(tmp_path: Path) -> None:
    after, _ = renamed(tmp_path, {"body.py": _BODY}, "Body.__init__.mass", "kg")
    assert "def __init__(self, kg, vel):\n        self.mass = kg\n" in after["body.py"]


@pytest.mark.parametrize(
    "kept",
    [
        "    @staticmethod\n    def other(self):\n        self.mass = 1\n",
        "    def other(self):\n        def inner(self):\n            self.mass = 1\n        return inner\n",
        "    def other(self):\n        class Inner:\n            def f(self):\n                self.mass = 1\n",
    ],
)
def test_what_is_set_on_something_else_is_no_attribute(tmp_path: Path, kept: str) -> None:
    files = {"a.py": f"class Other:\n{kept}"}
    assert "not defined" in refused(tmp_path, files, "Other.mass", "kg")


def test_a_variable_of_the_class_that_methods_set_is_one_with_it(tmp_path: Path) -> None:
    text = "class C:\n    level = 0\n    def up(self):\n        self.level += 1\n\n\nclass D(C):\n    level = 2\n"
    after, _ = renamed(tmp_path, {"a.py": text}, "C.level", "rank")
    assert after["a.py"] == text.replace("level", "rank")


def test_another_class_keeps_its_own(tmp_path: Path) -> None:
    text = (
        "class A:\n    def __init__(self):\n        self.size_of = 1\n\n\nclass B:\n    def __init__(self):\n        self.size_of = 2\n\n\n"
        "def f(a: A, b: B):\n    return a.size_of, b.size_of\n"
    )
    after, _ = renamed(tmp_path, {"a.py": text}, "A.size_of", "extent")
    assert "return a.extent, b.size_of" in after["a.py"] and "self.size_of = 2" in after["a.py"]


@pytest.mark.parametrize(
    ("more", "new", "said"),
    [
        ("", "push", "push is taken"),
        ("def f(b):\n    b.mass\n    return b.volume\n", "kg", "Body has no volume"),
        ("def f(b: Body):\n    b.kg = 1\n", "kg", "kg is taken"),
        ("class Rock(Body):\n    def kg(self): pass\n", "kg", "kg is taken"),
        ("class Rock(Body):\n    def copy(self):\n        return vars(self)\n", "kg", "vars(self)"),
        ("def f(b: Body):\n    return b.__dict__.items()\n", "kg", "b.__dict__"),
        ("def f(b: Body, name):\n    return getattr(b, name)\n", "kg", "getattr(b, name)"),
        ("def f(b, name, value):\n    setattr(b, name, value)\n", "kg", "setattr(b, name, value)"),
        ("def f(b):\n    return '{b.mass}'.format(b=b)\n", "kg", "format string"),
        ("def f(b):\n    return b.mass\n\n\ndef test():\n    f(SimpleNamespace(mass=1))\n", "kg", "makes an object"),
        ("def f(b):\n    return b.mass\n\n\nparser.add_argument('--mass')\n", "kg", "makes an option"),
        ("class Has(Protocol):\n    mass: float\n", "kg", "protocol Has"),
        ("class Rock(Body):\n    def __setattr__(self, name, value): pass\n", "kg", "__setattr__"),
        ("class Rock(Body):\n    __slots__ = NAMES\n", "kg", "__slots__"),
        ("class Rock(Body):\n    __slots__ = ('kg',)\n", "kg", "kg is taken"),
        ("class Stone:\n    def __init__(self):\n        self.mass = 1\n\n\ndef f(x):\n    return x.mass\n", "kg", "another class"),
    ],
)  # fmt: skip
def test_what_would_break_it_is_refused(tmp_path: Path, more: str, new: str, said: str) -> None:
    assert said in refused(tmp_path, {"body.py": f"{_BODY}\n\n{more}"}, "Body.mass", new)


def test_what_looks_at_other_objects_is_no_reason(tmp_path: Path) -> None:
    files = {"body.py": _BODY, "kinds.py": "def words(module):\n    return list(vars(module))\n"}
    after, _ = renamed(tmp_path, files, "Body.mass", "kg")
    assert "self.kg = mass" in after["body.py"]
    files["use.py"] = "from body import Body\nfrom kinds import words\n\nwords(Body(1, 2))\n"
    assert "vars(module)" in refused(tmp_path / "more", files, "Body.mass", "kg")
    files["kinds.py"] = (
        "import json\n\n\ndef dump(x):\n    return json.dumps(x, default=lambda o: o.__dict__)\n"
    )
    assert "o.__dict__" in refused(tmp_path / "text", files, "Body.mass", "kg")


@pytest.mark.parametrize(
    ("base", "name", "said"),
    [
        ("threading.Thread", "daemon", "overrides threading.Thread.daemon"),
        ("threading.Thread", "_target", "threading.Thread and that has _target"),
        ("torch.nn.Module", "layer", "not of this repository"),
    ],
)
def test_an_attribute_that_a_foreign_base_has_or_may_have_is_refused(
    tmp_path: Path, base: str, name: str, said: str
) -> None:
    text = f"import threading\nimport torch\n\n\nclass C({base}):\n    def __init__(self):\n        self.{name} = 1\n"
    assert said in refused(tmp_path, {"a.py": text}, f"C.{name}", "other")


def test_an_attribute_of_its_own_beside_a_base_of_the_standard_library_is_renamed(tmp_path: Path) -> None:
    text = (
        "import threading\n\n\nclass C(threading.Thread):\n    def run(self):\n        self.work_done = 1\n"
    )
    after, _ = renamed(tmp_path, {"a.py": text}, "C.work_done", "count")
    assert "self.count = 1" in after["a.py"]


def test_everyday_names_are_not_guessed(tmp_path: Path) -> None:
    text = "class Ticket:\n    def __init__(self, title):\n        self.title = title\n\n\ndef f(x):\n    return x.title\n"
    assert "it cannot be said" in refused(tmp_path, {"a.py": text}, "Ticket.title", "summary")
    options = text.replace("x.title", "x.state") + (
        "\n\nimport argparse\n\n\ndef parse(argv):\n    return argparse.ArgumentParser().parse_args(argv)\n\n\n"
        "def run(argv):\n    opts = parse(argv)\n    return opts.title\n"
    )
    after, _ = renamed(tmp_path, {"a.py": options}, "Ticket.title", "summary")
    assert "self.summary = title" in after["a.py"] and "opts.title" in after["a.py"]


def test_private_attributes_are_each_class_s_own(tmp_path: Path) -> None:
    text = "class A:\n    def __init__(self):\n        self.__x = 1\n\n\nclass B(A):\n    def __init__(self):\n        self.__x = 2\n"
    assert "of their own" in refused(tmp_path, {"a.py": text}, "A.__x", "x")
    alone = text.replace("self.__x = 2", "self.y = 2")
    after, _ = renamed(tmp_path, {"a.py": alone}, "A.__x", "x")
    assert "self.x = 1" in after["a.py"]
    assert "reaches" in refused(tmp_path, {"a.py": f"{alone}\n\nA()._A__x\n"}, "A.__x", "x")


def test_other_verbs_are_not_confused_by_attributes(tmp_path: Path) -> None:
    files = {
        "a.py": "def load(x):\n    return x\n",
        "b.py": "class C:\n    def __init__(self):\n        self.load = 1\n",
    }
    renamed(tmp_path, files, "load", "read")
    snapshot = workspace.open_snapshot(tmp_path)
    assert refactor.resolve(snapshot, "load").path == "a.py"
    assert {s.kind for s in refactor.symbols(snapshot) if s.qualname == "C.load"} == {"attribute"}
