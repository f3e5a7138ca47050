"""The settings that there are. A field's docstring is its documentation."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Role:
    """The model that serves one purpose. Only the user's own file, environment and flags set one."""

    backend: str = "openai"
    """llamacpp (a GGUF file), exllamav2, exllamav3 or auto (a folder of safetensors, by the first engine
    that can run it here), torch (the same in plain torch, slowly), ctransformers (a code model's file from
    before GGUF), openai (a server), scripted (tests and demos)."""
    model: str = ""
    """GGUF file for llamacpp, folder of safetensors for the engines; the server's name of the model for openai."""
    base_url: str = ""
    """For openai: http://127.0.0.1:8080/v1, or unix:///path/to/socket."""
    api_key_env: str = ""
    """Name of the environment variable that holds the server's key."""
    context: int | None = None
    """Context length in tokens, where the engine cannot tell it, or to use less."""
    process: str = ""
    """For llamacpp: own (load the weights in each qcode), engine (share them); unset: large ones are shared."""
    script: str = ""
    """For scripted: the script's file."""
    thinking: bool = False
    """Let the model think before it answers; a thought of `budget.thinking` tokens is ended."""


@dataclass(frozen=True, slots=True)
class Budget:
    """Limits of one run."""

    steps: int = 30
    tokens: int = 200_000
    seconds: int = 1800
    files: int = 200
    lines: int = 5_000
    """Changed lines, added and removed together."""
    thinking: int = 8_000
    """Tokens of thought in one turn."""


@dataclass(frozen=True, slots=True)
class McpServer:
    """Tools from elsewhere. Only the user's own file names one; a run uses it with `--mcp NAME`."""

    name: str
    command: str = ""
    """A program that speaks MCP on stdin and stdout; split like a shell line, run without a shell."""
    url: str = ""
    """Instead: the address of a server that speaks MCP over HTTP."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All of it."""

    agent: Role | None = None
    complete: Role | None = None
    review: Role | None = None
    budget: Budget = field(default_factory=Budget)
    test_command: str | None = None
    """How this project's tests are run; detected when unset."""
    mcp: tuple[McpServer, ...] = ()
    approve_tested: bool = False
    """Write an edit without asking when its tests passed. Only the user's own file may say so."""
    offline: bool = False
    """Refuse any connection but to this machine."""
    unsandboxed: bool = False
    """Where this machine has no sandbox: run commands without one, on a copy. A risk of the user's own."""
    plain: bool = False
    """`qcode` opens as lines of text, for screen readers: nothing is drawn, nothing moves."""
