"""How test runners know their files and tests, and how a test is switched off, in each language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_NOTHING = re.compile(rb"(?!)")


@dataclass(frozen=True, slots=True)
class Runner:
    """What one kind of test file looks like."""

    files: re.Pattern[str]
    """The whole path, from the root of the repository."""
    tests: re.Pattern[bytes]
    """A test in the text; its last group is the test's name. Not asked for Python, which is parsed."""
    skips: re.Pattern[str]
    """A line that switches a test off."""
    excuses: re.Pattern[str] | None = None
    """A line that lets a test fail."""
    focuses: re.Pattern[str] | None = None
    """A line that switches all other tests off."""


# Bounded throughout: whatever a file holds, no pattern may start often and run far each time.
_ATTRIBUTES = rb"(?:\s*+(?:#\[[^\]]{0,200}+\]|//[^\n]{0,200}+\n)){0,10}+"
_ANNOTATIONS = rb"(?:\s*+@\w++(?:\([^)]{0,300}+\))?+){0,10}+"
_PARTS = r"(?:\.\w{1,30}){0,3}"

_RUNNERS = (
    Runner(  # pytest, unittest
        re.compile(r"(?:.*/)?(?:test_[^/]*|[^/]*_tests?|tests)\.py|(?:.*/)?tests?/.*\.py"),
        _NOTHING,
        re.compile(
            r"^\s*@(?:pytest\.mark\.skip(?!if)|(?:pytest\.mark\.skipif|(?:unittest\.)?skipIf)\(\s*(?:True|1)\b"
            r"|(?:unittest\.)?skipUnless\(\s*(?:False|0|None)\b|(?:unittest\.)?skip(?:\(|\s*$))"
            r"|^\s*(?:pytest\.skip|self\.skipTest)\(|^\s*raise (?:unittest\.)?SkipTest\b"
            r"|^\s*pytestmark\s*=.*\bmark\.skip(?:if\(\s*True|\b(?!if))|^\s*__test__\s*=\s*False\b"
        ),
        re.compile(
            r"^\s*@(?:pytest\.mark\.xfail\b|(?:unittest\.)?expectedFailure\b)|^\s*pytest\.xfail\("
            r"|^\s*pytestmark\s*=.*\bmark\.xfail\b"
        ),
    ),
    Runner(  # jest, vitest, mocha, playwright
        re.compile(r"(?:.*/)?(?:[^/]*[._-](?:test|spec)|__tests__/[^/]*)\.[cm]?[jt]sx?"),
        re.compile(rb"^[ \t\r\f\v]*+[fx]?+(?:it|test)(?:\.\w++)*+\(\s*+(['\"`])(.+?)\1", re.MULTILINE),
        re.compile(
            rf"\b(?:it|test|describe|suite|context){_PARTS}\.(?:skip|fixme)\b"
            r"|\.skipIf\(\s*true\b|\.runIf\(\s*false\b|^\s*x(?:it|test|describe|context)\("
        ),
        re.compile(rf"\b(?:it|test){_PARTS}\.(?:fails|failing)\b"),
        re.compile(rf"\b(?:it|test|describe|suite|context){_PARTS}\.only\b|^\s*f(?:it|describe|context)\("),
    ),
    Runner(
        re.compile(r".*_test\.go"),
        re.compile(rb"^func ((?:Test|Fuzz|Example|Benchmark)\w*+)\(", re.MULTILINE),
        re.compile(r"^\s*\w+\.Skip(?:f|Now)?\("),
    ),
    Runner(  # Rust has its tests in any file
        re.compile(r".*\.rs"),
        re.compile(
            rb"#\[(?:\w++::){0,4}+(?:test|rstest|test_case)\b[^\]]{0,200}+\]"
            + _ATTRIBUTES
            + rb"\s*+(?:pub\s++)?+(?:async\s++)?+fn\s++(\w++)"
        ),
        re.compile(r"^\s*#\[(?:cfg_attr\(.*\b)?ignore\b"),
    ),
    Runner(  # JUnit, TestNG, kotlin.test
        re.compile(
            r"(?:.*/)?(?:(?:Test|IT)[A-Z]\w*|\w*(?:Tests?|TestCase|IT|Spec))\.(?:java|kt|scala|groovy)"
        ),
        re.compile(
            rb"@(?:Test|ParameterizedTest|RepeatedTest)\b(?:\([^)]{0,300}+\))?+"
            + _ANNOTATIONS
            + rb"\s*+(?:(?:public|private|protected|internal|suspend|static|final|void|fun)\s++){0,6}+"
            + rb"([\w$]++|`[^`\n]++`)"
        ),
        re.compile(r"^\s*@(?:Disabled|Ignore)\b|^\s*@Test\(.*\benabled\s*=\s*false"),
    ),
    Runner(  # xUnit, NUnit, MSTest
        re.compile(r"(?:.*/)?\w*Tests?\.cs"),
        re.compile(
            rb"\[(?:Fact|Theory|Test|TestCase|TestMethod)\b[^\]\n]{0,300}+\][^({;]{0,100}?\b(\w++)\s*+\("
        ),
        re.compile(r"^\s*\[(?:Ignore\b|(?:Fact|Theory)\(.*\bSkip\s*=)|^\s*Assert\.(?:Ignore|Inconclusive)\("),
    ),
    Runner(  # RSpec, minitest
        re.compile(r"(?:.*/)?(?:[^/]*_(?:spec|test)|test_[^/]*)\.rb"),
        re.compile(
            rb"^[ \t]*+(?:[fx]?+(?:it|specify|test)[ (]\s*+['\"]([^\n'\"]*+)['\"]|def (test_\w++))",
            re.MULTILINE,
        ),
        re.compile(r"^\s*(?:x(?:it|describe|context|specify)\b|skip\b)"),
        re.compile(r"^\s*pending\b"),
        re.compile(r"^\s*f(?:it|describe|context)\b"),
    ),
    Runner(  # PHPUnit
        re.compile(r"(?:.*/)?\w*Test\.php"),
        re.compile(rb"\bfunction\s++(test\w*+)\s*+\("),
        re.compile(r"(?:->|::)markTest(?:Skipped|Incomplete)\("),
    ),
    Runner(  # XCTest, Swift Testing
        re.compile(r"(?:.*/)?\w*Tests?\.swift"),
        re.compile(rb"\bfunc\s++(test\w*+)\s*+\("),
        re.compile(r"\bXCTSkip\(|^\s*@(?:Test|Suite)\(.*\.disabled\b"),
    ),
)


@lru_cache(maxsize=4096)
def runner_of(path: str) -> Runner | None:
    """The runner that takes the file for one of its own, None for a file that has no tests by its name."""
    return next((runner for runner in _RUNNERS if runner.files.fullmatch(path)), None)


_BY_NAME = re.compile(r"(?:test_[^/]*|[^/]*_tests?|tests)\.py")


def is_collected(path: str) -> bool:
    """Whether the file's name alone is enough for its runner; other Python files of a folder of tests
    are collected by some projects only."""
    name = path.rpartition("/")[2]
    return not name.endswith(".py") or _BY_NAME.fullmatch(name) is not None
