"""What people say around a request: greetings, courtesy, reasons, opinions. It is left out where the rest is understood.

Nothing is left out that may be a condition, a limit or a request of its own: see `harmless`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from qcode.router.mentions import read
from qcode.router.words import Token, vocabulary
from qcode.router.world import World

_SHORT = {
    **{w.replace("'", ""): w for w in (
        "don't", "doesn't", "didn't", "isn't", "aren't", "wasn't", "shouldn't", "couldn't", "wouldn't", "can't", "won't",
        "there's", "that's", "what's", "here's", "it's", "i'm", "i've", "we've", "you're", "they're", "should've",
    ) if w != "it's"},
    "teh": "the", "hte": "the", "adn": "and", "fn": "function", "fns": "functions", "cls": "class", "mod": "module", "mods": "modules",
    "imps": "imports", "shd": "should", "shld": "should", "shoud": "should", "const": "constant", "consts": "constants",
    "f-str": "f-string", "f-strs": "f-strings", "b4": "before", "plz": "please", "pls": "please",
    "lets": "let's", "u": "you", "ur": "your", "cuz": "because", "coz": "because", "bc": "because", "cos": "because",
}  # fmt: skip
_NOUNS = (
    "function", "functions", "parameter", "parameters", "argument", "arguments", "variable", "variables", "method", "methods",
    "module", "constant", "attribute", "import", "imports", "unused", "everywhere", "statements", "formatting", "logging",
    "field", "default", "called", "instead", "please", "lines",
)  # fmt: skip
"""Words of which a misspelling cannot change what is asked for."""
_DOING = {
    "renaming": "rename", "moving": "move", "extracting": "extract", "inlining": "inline", "removing": "remove",
    "deleting": "delete", "adding": "add", "replacing": "replace", "converting": "convert", "changing": "change",
    "switching": "switch", "turning": "turn", "using": "use", "cleaning": "clean", "sorting": "sort", "tidying": "tidy",
    "swapping": "swap", "dropping": "drop", "giving": "give", "putting": "put", "making": "make", "calling": "call",
    "pulling": "pull", "fixing": "fix", "getting": "get", "relocating": "relocate", "reordering": "reorder",
}  # fmt: skip

_EASY = r"(?:please |pls |plz |kindly |just |maybe |possibly |quickly |also |perhaps )*"
_NICE = r"(?:nice|great|good|cool|better|best|awesome|lovely|helpful|ideal|fantastic|wonderful|amazing|super|neat)"
_HEADS = tuple(
    re.compile(rf"(?:{one})(?:(?<= )| |$)")
    for one in (
        (
            r"(?:hi|hey|hello|yo|hiya|ok|okay|alright|right|well|so|now|um|uh|hmm|oh|dear|good (?:morning|evening|afternoon)|morning)"
            r"(?: (?:there|all|again|copilot|qcode|everyone|team|guys|folks|mate|buddy|friend))?(?: [,!.:-])*"
        ),
        (
            r"(?:please|pls|plz|kindly|btw|by the way|fyi|todo|task|quick (?:one|question|task|thing|request)|one (?:more|last) thing"
            r"|another thing|small (?:one|thing|request)|simple (?:one|request)|sorry|thanks|ta)(?: [,!.:-])*"
        ),
        rf"(?:would|do) you mind {_EASY}",
        r"(?:please )?consider (?=\w+ing )",
        rf"(?:is it|it is|it's|would it be) possible (?:for (?:you|us) )?to {_EASY}",
        rf"(?:can|could|would|will) (?:you|we|i|someone|somebody) {_EASY}(?:be so kind (?:as to|and) |go ahead and |help me (?:to )?|try to )?",
        rf"(?:i|we)(?:'d| would)? (?:want|need|like|love|prefer|appreciate)(?: it)?(?: you| us| for you)?(?: to| if you (?:could|can|would))? {_EASY}",
        rf"(?:i'd|we'd) (?:want|need|like|love|prefer|appreciate)(?: it)?(?: you| us)?(?: to| if you (?:could|can|would)) {_EASY}",
        rf"(?:i|we) (?:think|guess|believe|feel|suppose|reckon) (?:that )?(?:(?:we|you|i) (?:should|could|can|need to|ought to|want to) )?{_EASY}",
        rf"(?:we|you|i|one) (?:should|need to|could|can|must|ought to|have to|want to|wanna|gotta) {_EASY}",
        rf"(?:(?:it|that) (?:would|might) be|it'd be|would be|might be) (?:really |very |so |super )?{_NICE} (?:if|to|when) (?:(?:you|we) (?:could |can |would )?)?{_EASY}",
        rf"(?:any chance|chance) (?:that )?(?:you|we) (?:could|can|would) {_EASY}",
        (
            r"(?:let's|let us|go ahead and|try to|help me(?: to)?|help|make sure (?:to|that)|be sure to|time to|your (?:task|job) is to|the (?:task|plan|goal) is to"
            r"|i'm (?:going|trying|looking|hoping) to|i am (?:going|trying|looking|hoping) to|feel free to|remember to|don't forget to|you may|you might want to)"
        ),
        r"refactor(?:ing)? :",
        rf"i(?: was|'m| am)(?: just)? wondering (?:if|whether) (?:you|we|i|it) (?:could|can|might|would) {_EASY}",
        (
            r"(?:great|wonderful|perfect|nice|excellent|cool|awesome|lovely|good|fine|super|thank you|thanks(?: a lot)?|very well|good job|well done|looks good)"
            r"(?: work| job)? (?:[,!.:-] ?)+(?:and |now )*"
        ),
        r"(?:this |it |that )?should be (?:easy|simple|quick|trivial|straightforward)(?: enough)?(?: [,!.:-])+",
    )
)
_TAIL = re.compile(
    r"(?:^| )(?:[,.!?-] ?)*(?:please|pls|plz|thanks(?: (?:a lot|so much|in advance|a bunch|again|mate|man))?|thank you(?: (?:so|very) much| in advance)?|thx|tia|ty"
    r"|cheers|asap|for me|real quick|quickly|right now|today|ok|okay|right|yeah|mate|man|dude|bro|if (?:you can|possible|you don't mind|you could|you please|that's (?:ok|okay|fine|possible)"
    r"|it's (?:ok|possible|not too much trouble)|you have time|at all possible|you would)|when (?:you can|possible|you (?:get|have) (?:a )?(?:chance|time|sec|second|minute|moment))"
    rf"|(?:would|will|could|can) you|(?:much )?appreciate[d]?(?: it)?|(?:that|it)(?: would|'d|'ll| will) be {_NICE}|that'd be {_NICE}|it'd be {_NICE}"
    r"|in my opinion|imo|imho|tbh|i think|i guess|i reckon|i suppose|lol|: \)|: - \))(?: ?[,.!?)])*$"
)
_REASONS = tuple(
    re.compile(rf"(?:^| )(?:[,-] )?(?:{one})(?= [,;:.!?]|$)")
    for one in (
        r"so (?:that )?(?:it|it's|they|we|the code|this|that|that's|everything|things|people|i|you|the name) [^,;:.!?]+",
        (
            r"(?:for|because of|due to) (?:the sake of )?(?:more |better )?(?:clarity|consistency|readability|brevity|simplicity|symmetry|pep ?8|style|compatibility|convenience)"
            r"(?: (?:reasons|purposes|sake|with [^,;:.!?]+))?"
        ),
        (
            r"to (?:make (?:it|this|that|things|the code|the name) (?:a bit |a little |much )?(?:\w+er|more \w+|\w+)|(?:follow|match|respect|obey|satisfy|fit|reflect|conform to|comply with|stick to) [^,;:.!?]+"
            r"|avoid [^,;:.!?]+|be (?:more |a bit more )?(?:consistent|clearer|clear|explicit|precise|pythonic|shorter|safe|honest)(?: [^,;:.!?]+)?)"
        ),
        r"(?:as|since|because) (?:it|it's|its|that|that's|this|they|they're|the|we|i|i'm|nobody|no one|there's|there is|there are|nothing|pep ?8|someone|everyone) [^;:.!?]+",
        r"(?:as per|according to|per|like in) (?:pep ?8|our [^,;:.!?]+|the [^,;:.!?]+|convention\w*)",
        r"all over (?:the place|the code|the repo|the project)|wherever (?:it|it's|they|they're)(?: is| are)? used|in every place",
        (
            r"and (?:update|fix|adjust|adapt|change|correct) (?:all |every |any |the |its |their )*(?:imports?|callers?|usages?|references?|call sites?|uses|occurrences)"
            r"(?: too| as well| accordingly| everywhere| of it| to it)*"
        ),
        r"(?:as|like) (?:discussed|mentioned|agreed|usual|before|promised)(?: [^,;:.!?]+)?",
    )
)
_BY_THE_WAY = re.compile(
    r"(?:^| )while (?:you're|you are|you|we're|we are|i'm) (?:at it|there|here|on it)(?= |$)(?: ,)?"
)
_STATIVE = vocabulary(
    "is isn't are aren't was wasn't looks look sounds sound reads feels feel seems seem makes has hasn't hate hates dislike sucks hurts confuses breaks violates "
    "bothers annoys crashes fails works uses says said think find suggests complains nobody there's that's it's i'm means appears "
    "have belongs misses ain't lacks keeps contains can't cannot won't"
)
_DOUBTS = vocabulary(
    "and but though gone wrong bad intentional important needed required passed returns old kept work works breaks crashes fails risky dangerous "
    "temporary to likes wants same so"
)
_WISHES = vocabulary(
    "want need would like prefer wish expect should must could can will shall may might have had think'd rather love meant mean"
)
_FEELINGS = vocabulary(
    "like need use love understand follow match make work belong fit exist know want seem think care remember"
)
"""What "don't" says of somebody, where it forbids nothing."""
_EXPLAINING = vocabulary(
    "some many most several it it's its this that that's which they they're nobody i i've i'm we we've we're he he's she she's "
    "somebody someone everybody"
)
"""What a statement begins with that says no more than why."""
_LIMITS = vocabulary(
    "must only except but unless if when while until where keep leave stay never always also too then after before should shall either or otherwise provided "
    "first untouched alone without besides instead not test tests limits frozen sacred readonly read-only generated vendored public api external "
    "fine okay correct good careful forbidden taboo touch change break"
)
"""Words by which a sentence may say what shall (not) be done."""
_REASON_LIMITS = (_LIMITS - {"not", "when", "while"}) | vocabulary(
    "passed handed forwarded propagated threaded given reaches"
)
"""Words by which a reason asks for more work: "so that it is passed on to g"."""
_ENDS = (",", ".", "!", "?", ";", "-", "\u2013", "\u2014", ":")
_CHOOSING = vocabulary("put use take try choose pick make write better rather maybe perhaps")
DEEDS = vocabulary(
    "rename move extract inline add remove drop delete convert replace swap turn change switch put call give tidy sort clean modernise modernize reorder "
    "shorten make use fix write create split pull take name do run get let insert document test update rewrite"
)


@dataclass(frozen=True, slots=True)
class Said:
    """The words of a request as one text, quoted ones as `\\x00`, and back to tokens."""

    tokens: Sequence[Token]

    @property
    def text(self) -> str:
        return " ".join("\0" if t.quoted or " " in t.text else t.lower for t in self.tokens)

    def at(self, place: int) -> int:
        """The token that the text has at `place`."""
        return self.text[:place].count(" ") + (1 if self.text[place : place + 1] == " " else 0)


def ordinary(tokens: Sequence[Token], world: World) -> list[Token]:
    """Apostrophes that were left out are put in, and nouns of the trade are spelt right."""
    made = []
    for token in tokens:
        if token.kind == "word" and not token.quoted and token.text not in world.names:
            token = replace(token, text=_SHORT.get(token.lower) or _noun(token.text))
        made.append(token)
    return made


def _noun(word: str) -> str:
    if len(word) < 5 or word.lower() in _NOUNS:
        return word
    near = difflib.get_close_matches(word.lower(), _NOUNS, 1, 0.86)
    # "formatting" is no misspelt "formatting", but "functional" is no "function" either: the ends must agree
    return near[0] if near and abs(len(near[0]) - len(word)) < 2 and near[0][0] == word[0].lower() else word


@dataclass(frozen=True, slots=True)
class Simpler:
    """A request without some of its words. `told`: statements that were left out, which "it" may refer to;
    `others`: names and paths of what is not meant ("not the one in Order")."""

    tokens: list[Token]
    told: tuple[list[Token], ...] = ()
    others: tuple[str, ...] = ()


def simpler(tokens: Sequence[Token], world: World) -> Iterator[Simpler]:
    """The request with ever less around it."""
    bare = without_manners(tokens)
    if len(bare) < len(tokens):
        yield Simpler(bare)
    reasoned = without_reasons(bare, world)
    if len(reasoned) < len(bare):
        reasoned = without_manners(reasoned)
        yield Simpler(reasoned)
    plain = _without_asides(reasoned, world)
    if len(plain) < len(reasoned):
        yield Simpler(plain)
    plain, others = _without_others(plain, world)
    if others:
        yield Simpler(plain, others=others)
    kept, told = _without_statements(plain, world)
    if told and kept:
        yield Simpler(_with_subject(kept, told, world), told, others)


def after_a_question(tokens: Sequence[Token]) -> list[Token]:
    """What is asked for after a question that asks for nothing: "why is it called f? rename it to g"."""
    at = next((i for i, t in enumerate(tokens) if t.text == "?" and t.kind == "mark"), -1)
    asked, rest = tokens[:at], list(tokens[at + 1 :])
    if at < 0 or not any(t.kind != "mark" for t in rest) or any(t.text == "?" for t in rest):
        return []
    words = {t.lower for t in asked if not t.quoted}
    return (
        []
        if words & (DEEDS | _DOING.keys() | {"should", "shouldn't", "if", "only", "except", "not"}) - {"do"}
        else rest
    )


def without_manners(tokens: Sequence[Token]) -> list[Token]:
    """Without a greeting, "could you please", "thanks in advance"."""
    left = list(tokens)
    polite = True
    while polite and left:
        polite = False
        said = Said(left)
        for head in _HEADS:
            if (
                (found := head.match(said.text))
                and (used := _whole(said.text, found.end()))
                and used < len(left)
            ):
                left = left[used:]
                while left and left[0].text in _ENDS:
                    left = left[1:]
                if left and left[0].lower in _DOING and not left[0].quoted:
                    left[0] = replace(left[0], text=_DOING[left[0].lower])
                polite = True
                break
    while left and (found := _TAIL.search((said := Said(left)).text)):
        if not (kept := said.at(found.start())):
            break
        left = left[:kept]
    return left


def _whole(text: str, end: int) -> int:
    """How many tokens end before `end`."""
    return len(text[:end].split(" ")) - (1 if text[:end].endswith(" ") else 0)


def without_reasons(tokens: Sequence[Token], world: World) -> list[Token]:
    """Without "so that it follows pep8", "for consistency", "because nobody uses it"."""
    left = list(tokens)
    if found := _BY_THE_WAY.search((said := Said(left)).text):
        left = [*left[: said.at(found.start())], *left[_whole(said.text, found.end()) :]]
    left = _without_the_rest(left)
    for reason in _REASONS:
        said = Said(left)
        found = reason.search(said.text)
        if not found:
            continue
        first, last = said.at(found.start()), _whole(said.text, found.end())
        leads = not first and last < len(left) and left[last].text in (",", ":")
        if (first or leads) and _leaves_out(left[first:last], world, limits=_REASON_LIMITS):
            left = [*left[:first], *left[last + leads :]]
    return left


_REST = re.compile(
    r"(?: [,;])?(?: (?:and|but))?(?: please)? (?:(?:leave|keep|let) (?:the rest|everything else|all else|(?:all )?(?:the )?others?)(?: of (?:it|the code|the file))?"
    r" (?:alone|be|untouched|unchanged|as (?:it|they) (?:is|are)|as is)|nothing else|(?:don't|do not) (?:touch|change) (?:anything|the rest|everything) ?(?:else)?)(?: [.!])*$"
)
"""What limits nothing: more was not asked for."""


def _without_the_rest(tokens: list[Token]) -> list[Token]:
    found = _REST.search((said := Said(tokens)).text)
    return tokens[: said.at(found.start())] if found and found.start() else tokens


def harmless(tokens: Sequence[Token], world: World) -> bool:
    """Whether words that name nothing may be left out of a request."""
    return _leaves_out(tokens, world, _LIMITS | DEEDS - {"do", "make", "use", "take", "get"})


def _leaves_out(tokens: Sequence[Token], world: World, limits: frozenset[str]) -> bool:
    """Whether words may be left out: they limit nothing, ask for nothing, and name nothing that is new."""
    named = {"called", "named", "known", "renamed", "moved"}
    return not any(
        t.kind in ("assign", "arrow", "lines", "range", "code")
        or (t.lower in limits | named and not t.quoted)
        or (t.kind == "name" and not world.named(t.text) and not world.inside(t.text))
        for t in tokens
    )


def _without_asides(tokens: Sequence[Token], world: World) -> list[Token]:
    """Without what stands in brackets, where that names nothing: "(see the style guide)"."""
    left: list[Token] = []
    at = 0
    while at < len(tokens):
        end = next((i for i in range(at + 1, len(tokens)) if tokens[i].text == ")"), -1)
        inner = tokens[at + 1 : end]
        if tokens[at].text == "(" and end > 0 and left and len(inner) > 1 and _aside(inner, world):
            at = end + 1
            continue
        left.append(tokens[at])
        at += 1
    return left


def _aside(tokens: Sequence[Token], world: World) -> bool:
    words = not any(
        t.kind in ("path", "number", "name")
        or t.quoted
        or t.lower in DEEDS
        or t.text in world.names
        or t.text in ("=", ",")
        for t in tokens
    )
    return words and _leaves_out(tokens, world, _LIMITS | {"default", "in", "under", "tests", "no"})


def _without_others(tokens: Sequence[Token], world: World) -> tuple[list[Token], tuple[str, ...]]:
    """Without "not the one in Order", and what that names."""
    kept: list[Token] = []
    others: list[str] = []
    for part, end in _parted(tokens):
        words = [t.lower for t in part]
        if (
            kept
            and words[:1] == ["not"]
            and {"one", "ones", "method", "function", "class", "version"} & set(words[1:4])
        ):
            span = read(part, world)
            others += [*(n.text for n in span.names), *span.within]
            continue
        kept += [*part, *([end] if end else [])]
    while kept and kept[-1].text in _ENDS:
        kept.pop()
    return (kept, tuple(others)) if others else (list(tokens), ())


def _without_statements(tokens: Sequence[Token], world: World) -> tuple[list[Token], tuple[list[Token], ...]]:
    """Without the parts that only say how things are: "the name is misleading", "nobody uses it"."""
    kept: list[list[Token]] = []
    told: list[list[Token]] = []
    for part, end in _parted(tokens):
        if _states(part, world) and (not kept or _explains(part, world)):
            told.append(part)
        else:
            kept.append([*part, *([end] if end else [])])
    flat = [t for part in kept for t in part]
    while flat and flat[-1].text in _ENDS:
        flat.pop()
    while flat and (flat[0].text in _ENDS or flat[0].lower in ("and", "so")):
        flat.pop(0)
    return flat, tuple(told)


def _parted(tokens: Sequence[Token]) -> Iterator[tuple[list[Token], Token | None]]:
    part: list[Token] = []
    for i, token in enumerate(tokens):
        joins = token.lower == "so" and i + 1 < len(tokens) and tokens[i + 1].lower in DEEDS
        if (token.text in _ENDS and token.kind == "mark") or joins:
            if part:
                yield part, token
            part = []
        else:
            part.append(token)
    if part:
        yield part, None


def _states(part: Sequence[Token], world: World) -> bool:
    words = [t.lower for t in part if not t.quoted]
    states = any(w in _STATIVE for w in words[:9]) or any(
        w in ("don't", "doesn't", "didn't") and i and words[i + 1 : i + 2] and words[i + 1] in _FEELINGS
        for i, w in enumerate(words)
    )
    about = [w for w in words if w not in ("just", "really", "only", "often", "always", "never", "actually")]
    states = states or (
        about[:1] in (["it"], ["this"], ["that"], ["which"], ["they"])
        and len(about) > 1
        and about[1].endswith("s")
        and about[1] not in ("needs", "wants", "should's", "goes", "belongs")
    )
    states = states or (about[:1] == ["its"] and len(about) < 5)
    states = states or (about[:1] in (["i"], ["we"]) and len(about) > 1 and about[1] not in _WISHES)
    misplaced = "shouldn't be in" in " ".join(words) or "shouldn't live in" in " ".join(words)
    if not (states or misplaced) or part[0].lower in DEEDS:
        return False
    free = (
        _LIMITS
        - {"too", "not", "but", "if", "when", *(("keep", "always", "never") if about[:1] == ["i"] else ())}
    ) | {"want", "need", "needs", "please", "rather"}
    if any(w in ("call", "rename", "move", "put") for w in words) or "to be" in " ".join(words):
        return False
    places = any(t.kind == "path" and not world.files(t.text) for t in part)
    if "only" in words and words[words.index("only") + 1 :][:1] in (
        ["used"],
        ["needed"],
        ["called"],
        ["imported"],
    ):
        free -= {"only"}
    return not places and _leaves_out(part, world, free)


def _explains(part: Sequence[Token], world: World) -> bool:
    """Whether what is said after a request is no more than why: "it reads better". Of another thing it may
    say that it is to stay as it is."""
    words = [t.lower for t in part]
    names = any(
        t.kind in ("name", "path") or t.quoted or (t.text in world.names and len(t.text) > 2) for t in part
    )
    used = {"used", "needed", "called"} & set(words) and words[0] in ("it", "it's", "its")
    names = names and not used
    person = part[0].text[0].isupper() and words[1:2] in (["is"], ["has"], ["was"], ["wants"]) and not names
    return (words[0] in _EXPLAINING or person) and len(part) < 10 and not names and not _DOUBTS & set(words)


def _with_subject(tokens: list[Token], told: Sequence[Sequence[Token]], world: World) -> list[Token]:
    """ "should be run_all" of which the subject was in the statement before; "f is a bad name. run_all please"."""
    named = any(t.lower in ("name", "named", "called") for part in told for t in part)
    bare = without_manners(tokens)
    if len(bare) == 2 and bare[0].lower in _CHOOSING:
        bare = bare[1:]
    if named and len(bare) == 1 and bare[0].kind == "name" and bare[0].text not in world.names:
        start = bare[0].start
        return [Token("call", "word", start, start), Token("it", "word", start, start), bare[0]]
    if (
        tokens
        and tokens[0].lower in ("should", "must", "needs", "ought", "better", "can", "could", "may")
        and not tokens[0].quoted
    ):
        return [Token("it", "word", tokens[0].start, tokens[0].start), *tokens]
    return tokens
