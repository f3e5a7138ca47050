"""What a request names, and what the index makes of it: owners and members, old names and new ones, places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from qcode.router.clause import Clause
from qcode.router.frames.cuts import WORDS
from qcode.router.mentions import GLUE, KINDS, Span, chosen
from qcode.router.plan import Question
from qcode.router.weighed.items import Item
from qcode.router.words import Token, vocabulary
from qcode.router.world import Target

ANNOUNCING = vocabulary(
    "to into called named as be become becomes call name it use : -> => \u2192 titled make say spelt spelled take prefer"
)
"""Words before a new name."""
_BETWEEN = vocabulary(
    "a an the just simply rather now it them name named called new : method function be plain something like"
)
_AFTER_NEW = vocabulary(
    ". , ; ! ? ) ( and in everywhere please pls plz instead throughout for since because so but - \u2013 \u2014 "
    "across too as would there thanks thx is or then not everywhere. now fits is reads will wherever"
)
_FITTING = vocabulary("would will is fits reads sounds works")
_FITS = vocabulary("do be fine better best good enough nicer clearer fit well ok okay great perfect")
"""After a new name that is praised: "head is fine", "strength would do"."""
_SUBJECT = vocabulary("to should is are must has needs looks sounds says shall ought")
"""Words after the name of what is spoken of."""
_TELLING = vocabulary(
    "function method class attribute attr field member parameter param argument arg constant fn func"
)
_PARTS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ["parameter", "param", "argument", "arg", "parameters", "arguments", "params", "args", "kwarg"],
        ("parameter",),
    ),
    **dict.fromkeys(
        ["attribute", "attr", "field", "member", "attributes", "fields"], ("attribute", "variable")
    ),
    **dict.fromkeys(["flag", "option"], ("parameter", "variable", "attribute", "local")),
    **dict.fromkeys(["method", "methods"], ("method", "function")),
    **dict.fromkeys(
        ["variable", "var", "local", "variables", "vars"], ("local", "variable", "parameter", "attribute")
    ),
}
_PLAIN = vocabulary(
    "name names should shall must needs that which with without where has have had does and or in of is are was will would can could to for on at from by "
    "called named itself takes returns only new old second first last other whole same private public local global unused python loop "
    "camel snake constructor instance module exported list"
)
DEEDS = vocabulary(
    "rename move extract inline add remove drop delete convert replace swap turn change switch put give tidy sort clean modernise "
    "modernize reorder shorten make fix write create split pull take document test update rewrite port implement log explain check "
    "introduce use migrate describe merge optimise optimize handle cache raise return print save send run commit push let get strip upgrade"
)
"""Words that a request of its own begins with."""
OTHER_DEEDS = vocabulary(
    "write create test document update rewrite port implement explain check merge optimise optimize handle cache raise save send run "
    "commit push describe log print return"
)
"""Those that no refactoring is."""
_BREAKING = frozenset([",", "and", "but", "so", "please", "rename", "should", "-"])
COMPARED = vocabulary(
    "like match neighbour neighbor sibling sister unlike matches matching resembles alongside beside versus vs similar"
)
"""Words before a name that is only compared with."""
_NO_WORDS = (
    GLUE
    | WORDS
    | KINDS.keys()
    | vocabulary(
        "better shorter clearer lowercase something else them itself everything plural singular consistent own descriptive "
        "private public meaningful obvious explicit used done first last before after default unused style readable another two "
        "since because while when where which that if than though although whether "
        "far soon possible already well long clear mentioned discussed agreed usual read understand follow see find get do have maintain keep remember test debug rename follow write tell "
        "snake camel python pythonic less lines line method statement statements useful other others none true false"
    )
) - frozenset(["id", "log"])
_CONFUSED = ({"function", "method"}, {"parameter", "local", "variable"}, {"function", "variable", "method"})
"""Kinds that people call by each other's names."""
PRONOUNS = ("it", "that", "this", "its", "latter")
STOPS = frozenset([".", "!", "?", ";"])


@dataclass(slots=True)
class Said:
    """A part of a request that asks for one kind of thing. `used`: the items that its reading takes."""

    row: Sequence[Item]
    clause: Clause
    used: set[int] = field(default_factory=set)

    def take(self, *items: Item) -> None:
        self.used |= {i.first for i in items}

    def of(self, *kinds: str) -> list[Item]:
        return [i for i in self.row if i.kind in kinds]

    def has(self, *words: str) -> bool:
        return any(i.lower in words for i in self.row if not i.quoted)

    def before(self, item: Item, count: int = 1) -> str:
        """The word before `item`, past articles."""
        words = [
            i.lower
            for i in self.row
            if i.last <= item.first and i.lower not in ("the", "a", "an", "our", "my")
        ]
        return " ".join(words[-count:])

    def after(self, item: Item) -> Item | None:
        return next((i for i in self.row if i.first >= item.last), None)

    def sentence(self, item: Item) -> int:
        """Which sentence of the request `item` stands in."""
        return sum(1 for i in self.row if i.kind == "mark" and i.text in STOPS and i.first < item.first)

    def kinds(self, item: Item) -> list[str]:
        """Words beside `item` that say what kind of thing it is: "the parameter x", "x attribute"."""
        at = self.row.index(item)
        found = []
        for step in (-1, 1):
            for there in range(at + step, at + 3 * step, step):
                if not 0 <= there < len(self.row) or self.row[there].kind not in ("word", "name"):
                    break
                if self.row[there].lower in KINDS and not self.row[there].quoted:
                    found.append(self.row[there].lower)
                    break
                if step > 0 or self.row[there].lower not in (
                    "the",
                    "a",
                    "called",
                    "named",
                    "private",
                    "loop",
                    "old",
                ):
                    break
            if found:
                break
        return found

    def names(self) -> list[Item]:
        """Names that are known; weak ones only where they stand as a name would."""
        found = [i for i in self.of("name") if not i.weak or self._stands_out(i)]
        return [i for i in found if not self.compared(i)]

    def compared(self, item: Item) -> bool:
        """Whether a name is only compared with: "like low_report", "rather than f"."""
        words = [
            i.lower for i in self.row if i.last <= item.first and self.sentence(i) == self.sentence(item)
        ]
        two = self.before(item, 2)
        for at in range(max(0, len(words) - 4), len(words)):
            wish = (
                words[at] == "like"
                and at
                and words[at - 1] in ("would", "i'd", "we'd", "i", "we", "d", "should", "you'd")
            )
            if words[at] in COMPARED and not wish and not set(words[at + 1 :]) & (ANNOUNCING | _BREAKING):
                return True
        return two in (
            "as in",
            "same as",
            "such as",
            "next to",
            "rather than",
            "consistent with",
            "line with",
            "similar to",
        )

    def _stands_out(self, item: Item) -> bool:
        if self.kinds(item) and item.lower not in KINDS:
            return True
        if item.lower in DEEDS and not self._owned_here(item):
            return False
        if self._owned_here(item):
            return True
        if self._part_of_what_is_named(item):
            return True
        after = self.after(item)
        first = self._first(item)
        if self.before(item, 2) == "instead of" or (
            self.before(item, 2).endswith(" and") and self._after_instead(item)
        ):
            return True
        if (
            first
            and after is not None
            and after.lower in ("in", "from", "of")
            and self._defined_in_what_follows(item, after)
        ):
            return True
        towards = after is not None and (after.kind == "arrow" or after.lower in _SUBJECT)
        if towards and (first or self.before(item) in ("rename", ",", "and", "call", "renaming")):
            return True
        return item.lower not in GLUE | KINDS.keys() | WORDS

    def _named_so(self, item: Item) -> bool:
        """Whether a plain word stands as the name of a part: "n in mean", "the parameter n", "n to count"."""
        after = self.after(item)
        beside = self.after(after) if after is not None and after.lower in ("and", ",") else None
        if beside is not None and beside.kind == "name" and beside.weak and self._named_so(beside):
            return True  # "text and width should be …"
        return (
            bool(self.kinds(item))
            or self._part_of_what_is_named(item)
            or self._owned_here(item)
            or self._first(item)
            or (after is not None and (after.kind == "arrow" or after.lower in _SUBJECT))
        )

    def _part_of_what_is_named(self, item: Item) -> bool:
        """ "Parcel's constructor takes dest": the sentence speaks of a part, and the word is one."""
        if item.lower in GLUE | KINDS.keys() or not self.nouns(item):
            return False
        return any(owned(item, o, self.clause) for o in self.of("name") if not o.weak and o is not item)

    def _after_instead(self, item: Item) -> bool:
        words = [i.lower for i in self.row if i.last <= item.first]
        return "instead" in words[-5:] and "of" in words[-4:]

    def _defined_in_what_follows(self, item: Item, after: Item) -> bool:
        place = self.after(after)
        return (
            place is not None
            and place.kind == "file"
            and bool(self.clause.world.named(item.text, place.places))
        )

    def _first(self, item: Item) -> bool:
        return all(
            i.kind == "mark"
            or i.lower in ("rename", "call", "inline", "move", "please", "the", "local", "its")
            for i in self.row
            if i.last <= item.first
        )

    def _owned_here(self, item: Item) -> bool:
        after = self.after(item)
        if after is None or after.lower not in ("in", "of", "from", "inside", "on"):
            return False
        for owner in self.of("name"):
            if owner.first > after.first and owner.first - after.last < 4 and owned(item, owner, self.clause):
                return True
        return False

    def files(self) -> list[Item]:
        return self.of("file")

    def near_places(self, item: Item) -> list[str]:
        """Files that are said of `item`: in its sentence, or else the only ones."""
        every = self.files()
        here = [f for f in every if self.sentence(f) == self.sentence(item)] or every
        return [p for f in here for p in f.places]

    def target(
        self, item: Item, owner: Item | None = None, kinds: Sequence[str] = (), places: Sequence[str] = ()
    ) -> Target | Question:
        """The one thing that `item` means."""
        names = [_token(item), *([_token(owner)] if owner else [])]
        found = chosen(
            Span(names, [list(places)] if places else [], kinds=self.kinds(item)), self.clause.world, kinds
        )
        if isinstance(found, Question) and places:
            again = chosen(Span(names, [], kinds=self.kinds(item)), self.clause.world, kinds)
            if isinstance(again, Target):
                return again
        if (
            isinstance(found, Question)
            and len(found.candidates) > 1
            and (noun := self._noun_of_the_sentence(item))
        ):
            again = chosen(
                Span(names, [list(places)] if places else [], kinds=[noun]), self.clause.world, kinds
            )
            if isinstance(again, Target):
                return again
        said_kinds = {k for word in self.kinds(item) for k in KINDS[word]}
        if isinstance(found, Question) and said_kinds:
            again = chosen(Span(names, [list(places)] if places else []), self.clause.world, kinds)
            if isinstance(again, Target) and any({again.kind, *said_kinds} <= group for group in _CONFUSED):
                return again
        return found

    def _noun_of_the_sentence(self, item: Item) -> str:
        """The one word of a sentence for what is meant, without those of what is not: "not the argument"."""
        words = [i.lower for i in self.row if self.sentence(i) == self.sentence(item)]
        nouns = {
            w for at, w in enumerate(words)
            if w in _PARTS and w in KINDS and not {"not", "keep", "leave", "both"} & set(words[max(0, at - 3) : at])
        }  # fmt: skip
        return nouns.pop() if len(nouns) == 1 and "both" not in words else ""

    def owners(self, names: Sequence[Item]) -> dict[int, Item]:
        """For each name the other one that it is a member, parameter or variable of, if there is one."""
        found: dict[int, Item] = {}
        for one in names:
            if "." in one.text or (one.weak and not self._named_so(one)):
                continue
            near = sorted(
                (o for o in self.of("name") if o is not one and o.text != one.text),
                key=lambda o: abs(o.first - one.first),
            )
            owner = next((o for o in near if owned(one, o, self.clause)), None)
            if owner is not None and not any(o is one for o in found.values()):
                found[one.first] = owner
        return found

    def new_names(self, *announcing: str) -> list[Item]:
        """Names that are not known here; or else words that stand where only a name can (also after `announcing`)."""
        found = [i for i in self.of("new") if not self.compared(i)] or list(self.announced(announcing))
        return list({i.text: i for i in found}.values())

    def announced(self, further: Sequence[str] = ()) -> Iterator[Item]:
        """Words after "to", "called", an arrow …, with nothing of the request after them; and what is praised."""
        for at, item in enumerate(self.row):
            begins = (
                at == 0
                or self.row[at - 1].kind == "mark"
                or self.row[at - 1].lower in ("so", "hence", "and", "just", "maybe", "perhaps")
            )
            praise = [i.lower for i in self.row[at + 1 : at + 3]]
            if (
                begins
                and item.kind in ("word", "name")
                and item.lower not in _NO_WORDS
                and len(praise) == 2
                and praise[0] in _FITTING
                and (praise[1] in _FITS or self.row[at + 1].lower in ("fits", "reads"))
                and item.text.isidentifier()
                and at
            ):
                yield item
            if item.lower not in ANNOUNCING and item.kind != "arrow" and item.lower not in further:
                continue
            there = at + 1
            while there < len(self.row) and self.row[there].lower in _BETWEEN and not self.row[there].quoted:
                there += 1
            if there >= len(self.row) or self.row[there].kind not in ("word", "name"):
                continue
            one = self.row[there]
            following = self.after(one)
            if one.lower.endswith("ly") and not one.quoted:
                continue
            if item.lower == "name" and following is not None and following.lower in _SUBJECT:
                continue  # "the name f is too short"
            closed = following is None or following.lower in _AFTER_NEW or following.kind in ("mark", "file")
            plain = one.quoted or (one.kind == "name" and not one.weak) or one.lower not in _NO_WORDS
            if (
                closed
                and plain
                and one.text.isidentifier()
                and (
                    len(one.text) > 1
                    or one.quoted
                    or (one.text not in ("a", "i", "I") and item.lower in ("to", "into"))
                    or (following is None and item.lower in ("to", "be", "call"))
                )
            ):
                yield one

    def listed(self, first: Item) -> list[Item]:
        """A new name and those that follow it: "to low and high", "lo/hi"."""
        at = self.row.index(first)
        found = [first]
        while (
            at + 2 < len(self.row)
            and self.row[at + 1].lower in ("and", ",", "/", "&")
            and self.row[at + 2].kind in ("word", "name", "new")
        ):
            at += 2
            if self.row[at].lower in _NO_WORDS | DEEDS or not self.row[at].text.isidentifier():
                break
            found.append(self.row[at])
        return found

    def nouns(self, item: Item) -> set[str]:
        """Kinds that the sentence of `item` speaks of, of parts of functions and classes."""
        words = [
            i.lower
            for i in self.row
            if self.sentence(i) == self.sentence(item) and i.kind == "word" and not i.quoted
        ]
        return {k for w in words if w in _PARTS for k in (KINDS.get(w) or _PARTS[w])}

    def last_word(self) -> Item | None:
        """The word that a request ends with, after a comma or colon: "give it a name, padding"."""
        row = [i for i in self.row if not (i.kind == "mark" and i.text in STOPS)]
        if len(row) < 2 or row[-2].text not in (",", ":") or row[-1].kind not in ("word", "name"):
            return None
        return row[-1] if row[-1].lower not in _NO_WORDS and row[-1].text.isidentifier() else None

    def part_of(self, owner: Item) -> str:
        """ "the mail field of User", where User has no mail: the word before "of"."""
        at = self.row.index(owner)
        while at and self.row[at - 1].lower in ("the", "a", "our", "class", "function", "method", "module"):
            at -= 1
        if at < 2 or self.row[at - 1].lower not in ("of", "in", "on", "inside", "from"):
            return ""
        one = self.row[at - 2]
        plain = one.kind == "word" and one.lower not in _NO_WORDS | ANNOUNCING
        return one.text if plain else ""

    def _beside_a_used_one(self, item: Item) -> bool:
        """ "in save and write", of which only save was taken"""
        at = self.row.index(item)
        joined = at > 1 and self.row[at - 1].lower in ("and", ",") and item.lower not in GLUE | KINDS.keys()
        return joined and self.row[at - 2].kind == "name" and self.row[at - 2].first in self.used

    def unknown_one(self) -> str:
        """A word that a noun says is a name, and that is none here: "the method energy", "the Tiket class"."""
        for at, item in enumerate(self.row):
            if item.lower not in _TELLING or item.quoted or item.kind != "word":
                continue
            after = self.row[at + 1] if at + 1 < len(self.row) else None
            before = self.row[at - 1] if at else None
            for one, sure in ((after, False), (before, True)):
                if (
                    one is None
                    or one.kind != "word"
                    or one.first in self.used
                    or one.lower in _NO_WORDS | ANNOUNCING
                ):
                    continue
                if one.lower in _PLAIN or (
                    sure and one.text == one.lower and self.before(one) not in ("", "the", "rename")
                ):
                    continue
                if sure and self.row[at - 2 : at - 1] and self.row[at - 2].lower in ("a", "an"):
                    continue
                if any(
                    i.first in self.used and i.kind == "name" and abs(self.row.index(i) - at) < 3
                    for i in self.row
                ):
                    continue
                return one.text
        return ""

    def leftover(self, *, excused: Sequence[str] = ()) -> list[Item]:
        """What is named, strongly and in a sentence that is used, and was not taken."""
        spoken = {self.sentence(i) for i in self.row if i.first in self.used}
        texts = {part for i in self.row if i.first in self.used for part in (i.text, *i.text.split("."))}
        return [
            i
            for i in self.row
            if i.first not in self.used
            and i.kind in ("name", "new", "newfile", "code", "assign", "lines")
            and (not i.weak or self._beside_a_used_one(i))
            and self.sentence(i) in spoken
            and i.text not in texts
            and i.text not in excused
            and not self.compared(i)
        ]


def _token(item: Item) -> Token:
    return Token(item.text, "name", item.first, item.last, True)


def owned(one: Item, owner: Item, clause: Clause) -> list[Target]:
    """What is called `one` in what is called `owner`."""
    world = clause.world
    name = f"{owner.text}.{one.text}"
    found = [*world.named(name), *world.inside(name), *world.inside(f"{owner.text}.__init__.{one.text}")]
    return [
        t for t in found if t.name == one.text and t.qualname.endswith(f"{one.text}") and "." in t.qualname
    ]
