"""What never enters a prompt, a log or a session: files that hold secrets, and secrets in text.

Files are known by their names (after realpath, so that a link's other name does not matter), text
by the shapes that issuers gave their keys, and by the exact values of this process's environment.
"""

from __future__ import annotations

import base64
import json
import os
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import PurePath
from urllib.parse import quote

LEAST_LENGTH = 8
"""Characters: a shorter value would be found in innocent words."""
_FILE = re.compile(
    r"""\.env(?:\.(?!(?:example|sample|template|dist|defaults?|schema)$)[\w.-]+)? | \.envrc | [\w.-]+\.env
    | id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)? | .*\.(?:pem|key|p12|pfx|jks|keystore|kdbx|ppk|asc|gpg|age)
    | \.netrc | _netrc | \.pgpass | \.my\.cnf | \.pypirc | \.npmrc | \.htpasswd | \.git-credentials
    | credentials(?:\.(?:json|toml|ya?ml|ini|csv))? | client_secrets?.*\.json | service[-_]account.*\.json
    | secrets?\.(?:json|toml|ya?ml|ini|env) | \.vault[-_]pass(?:word)? | \.vault-token | terraform\.tfstate(?:\.backup)?
    | .*\.tfvars(?:\.json)? | \.dockercfg""",
    re.VERBOSE | re.IGNORECASE,
)
_FOLDER = {".ssh", ".gnupg", ".aws", ".azure", ".kube", ".docker", ".password-store"}
_PUBLIC = re.compile(r".*\.pub|.*(?:example|sample|template|dummy|fixture).*", re.IGNORECASE)
_NAME = re.compile(
    r"(?:^|_)(?:KEY|TOKEN|SECRET|PASS|PASSWD|PASSWORD|PASSPHRASE|CREDENTIALS?|AUTH|PAT|PWD|DSN|COOKIE|APIKEY)(?:_|\d*$)"
    r"|(?:DATABASE|REDIS|MONGO|MONGODB|AMQP|BROKER|POSTGRES)_UR[IL]$",
    re.IGNORECASE,
)
_SHAPES = {
    "private key": r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----"
    # Cut off, it ends at the first character that no key has, such as the quote around it.
    r"(?:(?!-----)[\w+/=\s\\:,.()-])*(?:-----END (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----)?",
    "AWS key": r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b",
    "GitHub token": r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{40,})",
    "GitLab token": r"\bgl(?:pat|ptt|rt|cbt|dt|ft|soat)-[A-Za-z0-9_-]{20,}",
    "Slack token": r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}|https://hooks\.slack\.com/services/[A-Za-z0-9/]{20,}",
    "Google key": r"\bAIza[A-Za-z0-9_-]{35}|\bya29\.[A-Za-z0-9_-]{20,}|\bGOCSPX-[A-Za-z0-9_-]{20,}",
    "API key": r"\bsk-(?:ant-|proj-|or-|svcacct-)?[A-Za-z0-9_-]{20,}|\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}",
    "Hugging Face token": r"\bhf_[A-Za-z0-9]{30,}",
    "package index token": r"\bnpm_[A-Za-z0-9]{36}|\bpypi-AgE[A-Za-z0-9_-]{40,}",
    "DigitalOcean token": r"\bdo[opr]_v1_[0-9a-f]{64}\b",
    "SendGrid key": r"\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}",
    # Where it does not begin a run of its letters, with a bound: each of many would read all the rest.
    "signed token": r"(?:(?<![\w-])eyJ[A-Za-z0-9_-]{8,}+|\beyJ[A-Za-z0-9_-]{8,1000}+)"
    r"\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}",
    "account key": r"(?<=AccountKey=)[A-Za-z0-9+/=]{40,}|(?<=SharedAccessKey=)[A-Za-z0-9+/=]{40,}",
    "authorization": r"(?<=Authorization: )(?i:bearer|basic|token) [A-Za-z0-9._~+/=-]{8,}",
    "password": r"(?<=://)[^\s/:@'\"<>{}$]+:[^\s/@'\"<>{}$]{3,}(?=@)",
}
_SHAPE = re.compile("|".join(f"(?P<s{n}>{shape})" for n, shape in enumerate(_SHAPES.values())))


def is_secret(path: str | PurePath) -> bool:
    """Whether a file of this name (any path; links are the caller's to resolve) holds secrets.

    Examples and public halves do not: `.env.example`, `id_rsa.pub`.
    """
    # Asked for every file of a repository: taking a text apart is a tenth of what making a path takes.
    if os.sep == "/":
        parts = [part for part in os.fspath(path).split("/") if part not in ("", ".")]
    else:
        parts = list(PurePath(path).parts)
    name = parts.pop() if parts else ""
    if _PUBLIC.fullmatch(name):
        return False
    return bool(_FILE.fullmatch(name)) or not _FOLDER.isdisjoint(map(str.casefold, parts))


def redact(text: str, environment: Mapping[str, str] | None = None) -> str:
    """`text` with every secret in it replaced by `[redacted: what it is]`.

    Secrets are what has the shape of an issued key, and the values of those variables of
    `environment` (default: this process's) whose names say that they are secret, as they are and
    as JSON, in URLs and in base64. Meant for everything on its way to a model, a log or a session.
    """
    values = _values(os.environ if environment is None else environment)
    if values:
        names = dict(values)
        text = _alternatives(tuple(names)).sub(lambda m: f"[redacted: ${names[m.group()]}]", text)
    return _SHAPE.sub(_named, text)


def shaped(text: str) -> list[tuple[str, str]]:
    """(what it is, the secret) for all in `text` that has the shape of an issued key."""
    return [(_kind(match), match.group()) for match in _SHAPE.finditer(text)]


def _named(match: re.Match[str]) -> str:
    return f"[redacted: {_kind(match)}]"


def _kind(match: re.Match[str]) -> str:
    return list(_SHAPES)[int((match.lastgroup or "s0")[1:])]


def _values(environment: Mapping[str, str]) -> list[tuple[str, str]]:
    """(value, name), longest value first, so that no part of one is left standing."""
    found: dict[str, str] = {}
    for name, value in environment.items():
        value = value.strip()
        # A path is where a secret lies, not what it is.
        if len(value) < LEAST_LENGTH or value.startswith(("/", "~", "./")) or not _NAME.search(name):
            continue
        raw = value.encode("utf-8", "surrogateescape")
        encoded = base64.b64encode(raw).decode().rstrip("=")
        for form in (value, json.dumps(value)[1:-1], quote(raw, safe=""), encoded):
            found.setdefault(form, name)
    return sorted(found.items(), key=lambda item: -len(item[0]))


@lru_cache(8)
def _alternatives(values: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(value) for value in values))
