"""Fields of dataclasses, named tuples and attrs classes are renamed with the keywords that name them."""

from __future__ import annotations

from pathlib import Path

import pytest

from qcode import refactor, workspace
from qcode.errors import RefactorError

_ITEM = (
    "from dataclasses import dataclass, replace\n\n\n@dataclass\nclass Item:\n    name: str\n    price: float = 0.0\n\n"
    "    def gross(self):\n        return self.price * 2\n\n    @classmethod\n    def free(cls, name):\n        return cls(name, price=0.0)\n"
)


def renamed(root: Path, files: dict[str, str], old: str, new: str) -> dict[str, str]:
    for path, text in files.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    done = refactor.perform(workspace.open_snapshot(root), "rename", {"symbol": old, "new_name": new})
    return files | {c.path: (c.after or b"").decode() for c in done.changes}


def refused(root: Path, files: dict[str, str], old: str, new: str) -> str:
    with pytest.raises(RefactorError) as caught:
        renamed(root, files, old, new)
    return caught.value.message


def test_a_field_is_renamed_with_its_keywords(tmp_path: Path) -> None:
    use = (
        "import functools\nfrom dataclasses import dataclass, replace\nfrom item import Item\n\n\n"
        "@dataclass\nclass Book(Item):\n    isbn: str = ''\n\n\n"
        "class Own(Item):\n    def __init__(self, price):\n        super().__init__('own', price=price)\n\n\n"
        "def other(price):\n    return price\n\n\n"
        "def shop(items: list[Item], row):\n    one = Item('a', price=1.0)\n    two = Book(name='b', price=2.0, isbn='x')\n"
        "    three = replace(one, price=3.0)\n    make = functools.partial(Item, price=4.0)\n    Own(price=5.0)\n    other(price=6.0)\n"
        "    match three:\n        case Item(name='a', price=found) | Book(price=found):\n            return found, row['price']\n"
        "    return sum(i.price for i in items), two, make\n"
    )
    after = renamed(tmp_path, {"item.py": _ITEM, "use.py": use}, "Item.price", "unit_price")
    assert after["item.py"] == _ITEM.replace("price", "unit_price")
    expected = use.replace("price=", "unit_price=").replace(".price", ".unit_price")
    expected = expected.replace("Own(unit_price=5.0)", "Own(price=5.0)").replace(
        "other(unit_price", "other(price"
    )
    assert after["use.py"] == expected


def test_a_field_called_like_its_type_is_renamed_alone(tmp_path: Path) -> None:
    text = (
        "from dataclasses import dataclass\nfrom datetime import date\n\n\n@dataclass\nclass Day:\n    date: date\n    end: date\n"
        "\n\nDay(date=date(1, 1, 1), end=date(2, 1, 1))\n"
    )
    after = renamed(tmp_path, {"a.py": text}, "Day.date", "start")
    expected = text.replace("    date: date", "    start: date").replace("Day(date=", "Day(start=")
    assert after["a.py"] == expected


def test_named_tuples_and_attrs(tmp_path: Path) -> None:
    point = "from typing import NamedTuple\n\n\nclass Point(NamedTuple):\n    left: int\n    top: int = 0\n\n\np = Point(left=1)\nq = p._replace(left=2)\nprint(q.left)\n"
    after = renamed(tmp_path, {"point.py": point}, "Point.left", "begin")
    assert after["point.py"] == point.replace("left", "begin")
    assert "can have no field" in refused(tmp_path, {"point.py": point}, "Point.left", "count")
    kept = "import attr\n\n\n@attr.s\nclass Box:\n    wide = attr.ib()\n\n    @wide.validator\n    def check(self, attribute, value): pass\n\n\nb = attr.evolve(Box(wide=1), wide=2)\nprint(b.wide)\n"
    after = renamed(tmp_path, {"box.py": kept}, "Box.wide", "breadth")
    assert after["box.py"] == kept.replace("wide", "breadth")


@pytest.mark.parametrize(
    ("more", "new", "said"),
    [
        ("", "name", "name is taken"),
        ("def f(data):\n    return Item(**data)\n", "cost", "from a dictionary"),
        ("def f(i: Item, data):\n    return replace(i, **data)\n", "cost", "from a dictionary"),
        ("from dataclasses import asdict\n\n\ndef f(i: Item):\n    return asdict(i)\n", "cost", "makes text"),
        ("import dataclasses as d\n\n\ndef f(i):\n    return d.asdict(i)\n", "cost", "makes text"),
        ("from dataclasses import asdict\n\n\nprint(list(map(asdict, [])))\n", "cost", "makes text"),
        ("from dataclasses import asdict\n\n\n@dataclass\nclass Order:\n    items: list[Item]\n\n\ndef f(o: Order):\n    return asdict(o)\n", "cost", "makes text"),
        ("def f(i: Item):\n    return vars(i)\n", "cost", "vars(i)"),
        ("import dacite\n\n\ndef f(data):\n    return dacite.from_dict(Item, data)\n", "cost", "imports dacite"),
        ("import lib\n\n\ndef f(data):\n    return lib.load(Item, data)\n", "cost", "hands Item to lib.load"),
        ("def f(make):\n    return make('a', price=1.0)\n\n\nf(Item)\n", "cost", "by keywords"),
        ("def f(x):\n    return replace(x, price=1.0)\n\n\nclass Other:\n    price = 1\n", "cost", "copies Item"),
        ("@dataclass\nclass Sub(Item):\n    other: str = cost\n", "cost", "body of Sub"),
    ],
)  # fmt: skip
def test_what_reads_fields_by_their_names_is_refused(tmp_path: Path, more: str, new: str, said: str) -> None:
    assert said in refused(tmp_path, {"item.py": f"{_ITEM}\n\n{more}"}, "Item.price", new)


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("from typing import TypedDict\n\n\nclass C(TypedDict):\n", "TypedDict"),
        ("from pydantic import BaseModel\n\n\nclass C(BaseModel):\n", "BaseModel"),
        ("from elsewhere import model\n\n\n@model\nclass C:\n", "@model"),
        (
            "from dataclasses import dataclass, InitVar\n\n\n@dataclass\nclass C:\n    price: InitVar[int] = 0\n",
            "parameter",
        ),
    ],
)
def test_other_makers_are_refused_by_their_names(tmp_path: Path, head: str, said: str) -> None:
    body = "" if "InitVar" in head else "    price: int\n"
    assert said in refused(tmp_path, {"a.py": head + body}, "C.price", "cost")


def test_a_test_that_expects_the_repr_is_seen(tmp_path: Path) -> None:
    files = {
        "item.py": _ITEM,
        "test_item.py": "from item import Item\n\n\ndef test():\n    assert repr(Item('a')) == \"Item(name='a', price=0.0)\"\n",
    }
    assert "expects the field" in refused(tmp_path, files, "Item.price", "cost")


def test_asdict_of_something_else_is_no_reason(tmp_path: Path) -> None:
    more = "\n\nfrom dataclasses import asdict\n\n\n@dataclass\nclass Other:\n    size: int\n\n\ndef f(o: Other):\n    return asdict(o)\n"
    after = renamed(tmp_path, {"item.py": _ITEM + more}, "Item.price", "cost")
    assert after["item.py"] == (_ITEM + more).replace("price", "cost")


def test_a_library_that_reads_fields_matters_where_the_class_may_come(tmp_path: Path) -> None:
    files = {
        "item.py": _ITEM,
        "wire.py": "import pydantic\n\n\nclass Wire(pydantic.BaseModel):\n    size: int\n",
    }
    assert "cost: float" in renamed(tmp_path, files, "Item.price", "cost")["item.py"]
    files["order.py"] = (
        "from dataclasses import dataclass\nfrom item import Item\n\n\n@dataclass\nclass Order:\n    items: list[Item]\n"
    )
    files["wire.py"] = (
        "import pydantic\nfrom order import Order\n\n\nclass Wire(pydantic.BaseModel):\n    order: Order\n"
    )
    assert "imports pydantic" in refused(tmp_path / "near", files, "Item.price", "cost")
