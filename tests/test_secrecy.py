"""Secrets are known by their file's name, by their shape, and by the environment's own values."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote

import pytest

from qcode.secrecy import is_secret, redact

KEYS = {
    "AWS key": "AKIA" + "Q7RST2UVWX3YZ4AB",
    "GitHub token": "ghp_" + "a1B2" * 9,
    "GitLab token": "glpat-" + "x9Y8" * 5,
    "Slack token": "xoxb-" + "12345678-abcdefgh",
    "Google key": "AIza" + "Sy" * 17 + "x",
    "API key": "sk-ant-" + "api03-" + "k" * 30,
    "Hugging Face token": "hf_" + "Zz" * 17,
    "package index token": "npm_" + "n0" * 18,
    "DigitalOcean token": "dop_v1_" + "0a1b" * 16,
    "SendGrid key": "SG." + "a" * 22 + "." + "b" * 43,
    "signed token": "eyJhbGciOiJI." + "eyJzdWIiOiIx." + "c2lnbmF0dXJl",
    "private key": "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blbn\nNzaC1\n-----END OPENSSH PRIVATE KEY-----",
}


@pytest.mark.smoke
@pytest.mark.parametrize("kind", KEYS)
def test_keys_go_by_their_shape(kind: str) -> None:
    key = KEYS[kind]
    assert redact(f"x = '{key}' # there\n", {}) == f"x = '[redacted: {kind}]' # there\n"
    assert key not in redact(json.dumps({"k": key.replace("\n", " ")}), {})


def test_parts_of_longer_things_go_too() -> None:
    assert redact("postgres://me:s3cr3t!@db/x", {}) == "postgres://[redacted: password]@db/x"
    assert redact("Authorization: Bearer abcdef123456", {}) == "Authorization: [redacted: authorization]"
    cut = "-----BEGIN RSA PRIVATE KEY-----\nMIIE"
    assert redact(cut, {}) == "[redacted: private key]"
    # A line of JSON stays one, wherever a key in it was cut.
    for text in (cut, cut + "\n-----END RSA PRIVATE KEY-----", "x=" + KEYS["API key"]):
        line = json.dumps({"a": text, "b": [1]})
        assert json.loads(redact(line, {}))["b"] == [1]


@pytest.mark.parametrize(
    "text",
    [
        "def token(self, key: str = 'secret') -> str: ...",
        "password = getpass()\nassert sk.learn",
        "https://example.org/a:b?c=d@e",
        "git@github.com:a/b.git",
        "sha256:" + "0123456789abcdef" * 4,
        "f'{scheme}://{user}:{password}@{host}'",
        "task-1234567890123456789012345",
    ],
)
def test_code_stays_as_it_is(text: str) -> None:
    assert redact(text, {}) == text


def test_values_of_the_environment_go_in_every_form() -> None:
    value = 'p4ss "w/ö" rd'
    environment = {
        "APP_PASSWORD": value,
        "HOME_KEY_FILE": "/home/me/key",
        "PIN_TOKEN": "1234",
        "EDITOR": "vim-editor",
    }
    raw = value.encode()
    for form in (value, json.dumps(value), quote(raw, safe=""), base64.b64encode(raw).decode()):
        said = redact(f"<{form}>", environment)
        assert "[redacted: $APP_PASSWORD]" in said and "p4ss" not in said, form
    assert redact("/home/me/key 1234 vim-editor", environment) == "/home/me/key 1234 vim-editor"
    both = {"A_TOKEN": "abcdefgh", "B_TOKEN": "abcdefgh-and-more"}
    assert redact("abcdefgh-and-more", both) == "[redacted: $B_TOKEN]"


def test_the_process_environment_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_API_KEY", "canary-canary")
    assert redact("a canary-canary b") == "a [redacted: $SOME_API_KEY] b"
    monkeypatch.setenv("SOME_API_KEY", "other-other")
    assert redact("a canary-canary b") == "a canary-canary b"


def test_files_go_by_their_names() -> None:
    for name in (".env", ".env.local", "prod.env", "a/.ENV", "id_rsa", "deploy/key.pem", ".aws/config", "credentials.json",
                 ".netrc", ".npmrc", "secrets.yaml", "x/terraform.tfstate", "service-account-1.json"):  # fmt: skip
        assert is_secret(name), name
    for name in (".env.example", "id_rsa.pub", "env.py", "environment.yml", "secrets.py", "keys.py", "tests/example.pem",
                 "credentials.py", "monkey", ".envrc.sample"):  # fmt: skip
        assert not is_secret(name), name
