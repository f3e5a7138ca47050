"""A whole review within a time: the checks, then the model, and what was reached when it is over.

People switch off a hook that keeps them waiting. So the work is done on a thread that may be left
behind, whatever it is stuck in; what was found by then is reported, and what was not reviewed is
said, with the reason.
"""

from __future__ import annotations

import dataclasses
import math
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qcode import __version__
from qcode.config import Role, paths
from qcode.errors import QcodeError
from qcode.review.memory import Memory, key, model_identity
from qcode.review.report import Finding, Report
from qcode.review.run import Choice, each_check, look, weighed
from qcode.review.scene import Scene
from qcode.review.suppress import BASELINE, apart, read_baseline
from qcode.workspace import git

if TYPE_CHECKING:
    from qcode.review.model.advise import Advice

_GRACE_S = 0.7
"""For an engine to stop: a cancelled prefill ends with its batch, after half a second at most."""

_BY_MODEL = "by the model"


@dataclass(frozen=True, slots=True)
class Terms:
    """How a review is done. `model` None: by the checks alone. `seconds` 0: as long as it takes."""

    choice: Choice = dataclasses.field(default_factory=Choice)
    model: Role | None = None
    offline: bool = False
    seconds: float = 0.0
    prove: bool = False
    """Whether a claim blocks that a script of the model's reproduces in the sandbox."""
    unavailable: str = ""
    """Why there is no model although one was wanted."""


def review_within(root: Path, source: str, terms: Terms) -> Report:
    """Review "staged", "worktree", or a commit range. Raises WorkspaceError as `review` does.

    The same change in the same repository, under the same terms, is answered from memory.
    """
    sitting = _Sitting(root, source, terms)
    worker = threading.Thread(target=sitting.work, daemon=True, name="qcode-review")
    worker.start()
    worker.join(terms.seconds or None)
    if worker.is_alive():
        worker.join(_GRACE_S)
    if sitting.error is not None:
        raise sitting.error
    return sitting.report(late=worker.is_alive())


class _Sitting:
    """One review; `work` fills it on a thread, `report` reads it at any time."""

    def __init__(self, root: Path, source: str, terms: Terms) -> None:
        self._root, self._source, self._terms = root, source, terms
        self._deadline = time.monotonic() + terms.seconds if terms.seconds else math.inf
        self._memory = Memory(paths().cache / "reviews")
        self._doing = "reading the change"
        self._found: list[Finding] = []
        self._skipped: list[str] = []
        self._files = 0
        self._advice: Advice | None = None
        self._known: Report | None = None
        self.error: QcodeError | None = None

    def work(self) -> None:
        try:
            self._work()
        except QcodeError as error:
            self.error = error

    def _work(self) -> None:
        scene, skipped = look(self._root, self._source)
        self._files, self._skipped = len(scene.changed), list(skipped)
        name = key(self._state(scene))
        self._known = _remembered(self._memory.get(name))
        if self._known is not None:
            return
        self._check(scene)
        if self._terms.model is not None:
            self._doing = _BY_MODEL
            self._ask(scene, self._terms.model)
        self._doing = ""
        report = self.report(late=False)
        if report.skipped == tuple(skipped):
            self._memory.put(name, dataclasses.asdict(report))

    def _check(self, scene: Scene) -> None:
        for rule, findings in each_check(scene, self._terms.choice):
            self._doing = f"checking for {rule}"
            try:
                self._found += findings
            except QcodeError as error:
                self._skipped.append(f"{self._doing}: {error.message}")

    def _ask(self, scene: Scene, model: Role) -> None:
        """What only a model needs is loaded here: most reviews are done without, and shall not wait."""
        import asyncio

        from qcode.backends import open_backend
        from qcode.review.model.advise import Advice, Limits, advise
        from qcode.review.model.units import units

        self._advice = advice = Advice()
        if not (questions := units(scene)):
            return
        limits = Limits(self._deadline, scene if self._terms.prove else None)

        async def ask() -> None:
            try:
                backend = open_backend(model, self._terms.offline)
            except QcodeError as error:
                advice.failure = error.message
                return
            try:
                self._doing = ""  # from here on the advice itself says what is left
                await advise(questions, backend, model_identity(model), limits, self._memory, advice)
            finally:
                await backend.close()

        asyncio.run(ask())

    def report(self, late: bool) -> Report:
        """What there is so far. `late`: the time is over and the thread is still at it."""
        if self._known is not None:
            return self._known
        choice = self._terms.choice
        advised = self._advice.findings if self._advice else ()
        found = [*self._found, *(f for f in advised if choice.wants(f.rule))]
        shown, hidden = apart(weighed(found, choice), read_baseline(self._root))
        skipped = [*self._skipped, *(self._advice.skipped() if self._advice else ())]
        if self._terms.unavailable:
            skipped.append(f"by the model: {self._terms.unavailable}")
        if self._doing:
            # A bug in a check has printed its traceback by now; it keeps nobody from committing.
            why = f"out of time ({self._terms.seconds:g} s)" if late else "qcode failed, see above"
            rest = "" if self._doing == _BY_MODEL else " and what comes after it"
            skipped.append(f"{self._doing}{rest}: {why}")
        return Report(tuple(shown), self._files, tuple(skipped), hidden, unfinished=late)

    def _state(self, scene: Scene) -> Iterator[str | bytes]:
        """All that the report depends on: the change, the rest of the repository, and the terms."""
        yield __version__
        yield repr(self._terms.choice)
        yield f"{model_identity(self._terms.model)} {self._terms.prove}"
        if self._terms.model:
            from qcode import prompts

            yield from (
                (prompts.root() / f"{name}.md").read_bytes() for name in ("review", "refute", "prove")
            )
        yield from sorted(self._skipped)
        for changed in scene.changed:
            yield changed.path
            yield repr((changed.before is None, changed.after is None))
            yield changed.before or b""
            yield changed.after or b""
        yield from (repr((known.path, known.added)) for known in scene.excerpts)
        revision = scene.place.revision
        yield str(revision is None)
        yield (
            git.run(self._root, "rev-parse", f"{revision}^{{tree}}")
            if revision
            else git.run_bytes(self._root, "ls-files", "-s", "-z")
        )
        baseline = self._root / BASELINE
        yield baseline.read_bytes() if baseline.is_file() else b""


def _remembered(value: object) -> Report | None:
    if not isinstance(value, dict):
        return None
    try:
        findings = tuple(Finding(**{**f, "also": tuple(f["also"])}) for f in value["findings"])
        return Report(**{**value, "findings": findings, "skipped": tuple(value["skipped"])})
    except (KeyError, TypeError):
        return None
