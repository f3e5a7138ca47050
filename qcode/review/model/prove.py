"""A claim that reproduces itself: a script of the model's that was right before the change, and fails
after it.

It runs where nothing can be reached: in the full sandbox, on layers over the tree, once with the
state before and once with the state after. A change that is meant to alter what code does can be
"proved" as well, which is why nobody's commit is blocked by this unless they asked for it.
"""

from __future__ import annotations

import ast
import time

from qcode import sandbox
from qcode.errors import SandboxError
from qcode.messages import Change, ChangeSet
from qcode.review.scene import Scene
from qcode.sandbox.tests import interpreter
from qcode.workspace import git

LONGEST = 3000
"""Characters of a script."""
SCHEMA: dict[str, object] = {
    "type": "object",
    "properties": {"script": {"type": "string", "minLength": 10, "maxLength": LONGEST}},
    "required": ["script"],
    "additionalProperties": False,
}
_NAME = "qcode_reproduction.py"
_PREAMBLE = "import sys\nsys.path[:0] = ['src', '.']\n"
_MOST_S = 10.0


def possible(scene: Scene, path: str) -> bool:
    """Whether there is a tree to lay the two states over, and a sandbox that reaches nothing."""
    here = scene.root is not None and not scene.place.revision
    return here and path.endswith(".py") and sandbox.probe().full


async def reproduces(script: str, scene: Scene, deadline: float) -> bool:
    """Whether `script` passes before the change and fails an assertion after it, in time."""
    try:
        tree = ast.parse(script)
    except (SyntaxError, ValueError, RecursionError):
        return False
    if not any(isinstance(node, ast.Assert) for node in ast.walk(tree)) or scene.root is None:
        return False
    return await _run(script, scene, False, deadline) == 0 and await _run(script, scene, True, deadline) == 1


async def _run(script: str, scene: Scene, after: bool, deadline: float) -> int:
    """0: it passed; 1: an assertion failed; 2: anything else, which proves nothing."""
    assert scene.root is not None
    changes = [
        Change(c.path, git.on_disk(scene.root / c.path), c.after if after else c.before)
        for c in scene.changed
    ]
    text = (_PREAMBLE + script).encode("utf-8", "replace")
    layers = ChangeSet.of([*changes, Change(_NAME, git.on_disk(scene.root / _NAME), text)])
    python, _ = interpreter(scene.root)
    left = min(_MOST_S, deadline - time.monotonic())
    if left <= 0:
        return 2
    try:
        done = await sandbox.run([python, "-B", _NAME], scene.root, layers, timeout_s=left)
    except SandboxError:
        return 2
    if done.exit_code == 0:
        return 0
    return 1 if not done.timed_out and "\nAssertionError" in f"\n{done.output}" else 2
