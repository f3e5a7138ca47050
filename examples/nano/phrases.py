"""A grammar of requests: every line stands for as many sentences as its brackets have readings.

`(a|b|)` is one of a, b or nothing; `{s}` a symbol of the index, `{n}` a new name, `{p}` a file, `{d}` a
destination, `{a}` `{b}` lines, `{k}` a kind, `{w}` a misspelt name, `{t}` a test, `{q}` a parameter, `{v}`
its default. `python phrases.py` counts the readings.
"""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Mapping

SEEN: Mapping[str, str] = {
    "rename": """
(rename|relabel|renaming) (the {k} |{k} |){s} (to|into|as|->|=>) {n}( everywhere| across the project|)
(rename|change) {s} in {p} to {n}
change the name of (the {k} |){s} to {n}
(the {k} |){s} (should|must|ought to) be (called|named|renamed to) {n}( instead|)
{s} (->|=>|→) {n}
give {s} (a better|another|the) name(:|,) {n}
(the name |){s} is (confusing|unclear|too long|a bad name), (make|call|rename) it {n}
(call|name) {s} {n} (instead|from now on)
use (the name |){n} (instead of|rather than) {s}( as the name|)
(new|better) name for {s}: {n}
(do a|i want a) rename of {s} to {n}
replace the name {s} (with|by) {n}
i'd like {s} (renamed to|to be called|to be named) {n}""",
    "move": """
(move|relocate|transfer|shift) (the {k} |{k} |){s} (to|into|over to) (the file |module |){d}
(move|relocate|transfer) {s} (from|out of) {p} (to|into) {d}
(put|place) (the {k} |){s} (in|into) {d}( instead|)
(the {k} |){s} (belongs in|should live in|should be in|should be moved to|has to go to) {d}
take {s} and (move|put) it (to|into) {d}""",
    "extract": """
(extract|factor out|pull out|pull|turn|refactor) lines {a}(-| to | through ){b} (of|in|from) {p} (into|as|to) (a function |a helper |a function called |){n}
(extract|factor out|pull out) {p}:{a}-{b} (into|as|to) {n}
(make|create) (a function|function|a helper) {n} (from|out of) lines {a}(-| to | through ){b} (of|in) {p}
lines {a}(-| to ){b} (of|in) {p} should be (a function|their own function)(,| called| named|:) {n}
in {p} (extract|turn|put) lines {a}(-| to | through ){b} (into|to) {n}
move lines {a}(-| to ){b} of {p} (into|to) a (new |)function {n}""",
    "inline": """
inline (the |)(variable |local |temporary |{k} |){s}( please| and delete it|)
(replace|substitute) (the variable |){s} (with|by) its (value|definition)
{s} is only used once, inline it
(the variable |){s} (should|can|must) be inlined
(get rid of|remove) (the temporary |the local |){s} by inlining it
(fold|put) {s} into its uses
(do an inline of|inline all uses of) {s}""",
    "signature": """
add (a |an |the |)(parameter|argument|option) {q}={v} to {s}
add {q}={v} to (the parameters of |)(the {k} |){s}
(give|let) {s} (a|have a) (new |)(parameter|argument) {q}={v}
{s} (needs|should take|should accept|wants) (a parameter |an argument |){q}={v}
add (a |an |)(parameter|argument) {q} (with the default|with default|that defaults to|defaulting to) {v} to {s}
extend {s} (by|with) (a parameter |){q}={v}""",
    "fstrings": """
(use|prefer) (f-strings|fstrings|f strings)( instead of % formatting| instead of format|) in {p}
(convert|change|turn|switch|rewrite|migrate) {p} to (f-strings|fstrings)
(convert|change|turn) (the |)(string |% |)formatting (of|in) {p} (to|into) f-strings
{p} (should use|wants|needs) f-strings
{p} (uses|still has) % formatting, (use|make it) f-strings
in {p} (use|make everything) f-strings""",
    "logging": """
(replace|swap) (print|prints|print calls|all print statements) (with|by|for) (logging|a logger|log calls) in {p}
(use|prefer) (logging|a logger|the logging module) (instead of|rather than|not) print in {p}
(convert|change|turn|switch) (print|prints|the print calls) (in|of) {p} (to|into) (logging|log calls)
(switch|migrate|convert) {p} from print to logging
{p} (uses|still has) print, (use|make it) logging( instead|)
(no more|get rid of the) prints in {p}, (log instead|use a logger)""",
    "tidy": """
(remove|delete|drop|strip|prune) (the |all |)unused imports (in|from|of) {p}
(clean up|tidy|tidy up|sort|organise) (the |)imports (in|of) {p}
{p} has (unused imports|imports that are never used)(, remove them|)
(get rid of|throw out) (the |)unused imports (in|of) {p}
there are unused imports in {p}
fix (the |)(unused import|F401) warnings in {p}""",
    "modernise": """
(modernise|modernize|upgrade) (the code in |the syntax of |){p}
(use|bring) (newer|modern) (python |)syntax (in|to) {p}
(bring|get) {p} up to date
(update|upgrade) {p} to (newer|modern|current) python( syntax|)""",
    "respell": """
(fix |)NameError: name '{w}' is not defined(. Did you mean: '{s}'?|, did you mean {s})
{t} fails(:| with) NameError: name '{w}' is not defined. Did you mean: '{s}'?
(fix |)the (typo|undefined name) {w} in {p}(, it should be|, it must be|: should be) {s}
{w} is (undefined|not defined|a typo) in {p}, (use|probably|it is) {s}
ImportError: cannot import name '{w}'(. Did you mean: '{s}'?|, did you mean {s})
(correct|mend) (the typo |){w} (to|->) {s} in {p}""",
}
HELD: Mapping[str, str] = {
    "rename": """
(please |)switch the identifier {s} over to {n}
every reference to {s} should become {n}
i want the {k} {s} to be known as {n}""",
    "move": """
i want {s} to live in {d}
the right place for {s} is {d}, move it""",
    "extract": """
take lines {a} to {b} from {p} and make them a function {n}
split lines {a}-{b} of {p} off into {n}""",
    "inline": """
i don't need {s} as a variable, use its value directly
eliminate the local {s} by inlining it""",
    "signature": """
the signature of {s} should get {q}={v}
callers of {s} may want to pass {q}, default {v}""",
    "fstrings": """
the strings in {p} should be f-strings not % ones
get rid of percent formatting in {p}""",
    "logging": """
{p} prints to stdout, make it log
i'd prefer logging over print in {p}""",
    "tidy": """
{p} imports things it does not need
some imports of {p} are unused, delete those""",
    "modernise": """
{p} is written in old python, use what is new""",
    "respell": """
someone misspelled {s} as {w} in {p}, fix it
{w} does not exist, {s} is meant""",
}
FAR = """
(write|build|add|create|generate) (a web server|a todo app|tests for {s}|a login page|docs for {s}|a readme|caching to {s})
(make|get) {s} (faster|async|thread safe|simpler|better)
(explain|describe|what is|what does) {s}( do|)
(why|how) (does|is) {s} (used|broken|slow|failing)
(fix|handle) (all bugs|errors in {s}|the crash in {p}|everything)
(add|write) (a docstring|type hints|logging|error handling|retries) (to|for|in) {s}
(translate|port|convert) {p} to (rust|go|async|a class)
(split|merge|reformat|review|optimise|simplify|delete) ({p}|{s})
(hello|thanks|who are you|good morning|tell me a joke)
(commit|push|deploy|release|install) (my changes|everything|it|numpy)
turn {s} into a (class|dataclass|generator|decorator)"""
VAGUE = """
(rename|change the name of) (the {k} |){s}( please| to something better|)
{s} needs a (new|better) name
(move|relocate) (the {k} |){s}( somewhere else| please|)
{s} is in the wrong module
(extract|pull out) lines {a}-{b} of {p}
add a (parameter|argument) {q} to {s}"""
BEFORE = ("",) * 10 + (
    "please ",
    "can you ",
    "could you ",
    "hey, ",
    "let's ",
    "pls ",
    "now ",
    "ok ",
    "todo: ",
    "we should ",
)
AFTER = ("",) * 10 + (" please", ".", "?", " thanks", "!", " for me", " now")


def pick(lines: str, chance: random.Random) -> str:
    """A sentence with its places still open."""
    line = chance.choice(lines.strip().split("\n"))
    return re.sub(r"\(([^()]*)\)", lambda found: chance.choice(found[1].split("|")), line)


def readings(lines: str) -> int:
    """How many sentences `lines` stand for."""
    return sum(
        len(list(itertools.product(*(found.split("|") for found in re.findall(r"\(([^()]*)\)", line)))))
        for line in lines.strip().split("\n")
    )


if __name__ == "__main__":
    for intent, lines in SEEN.items():
        print(
            f"{intent:<10} {readings(lines) * len(set(BEFORE)) * len(set(AFTER)):>7} sentences, {readings(lines)} without what stands around them"
        )
    print(f"{'far':<10} {readings(FAR):>7}\n{'vague':<10} {readings(VAGUE):>7}")
