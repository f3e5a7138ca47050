"""The kinds of faults a model may report: a fixed list, because an open question invites opinions."""

from __future__ import annotations

CLASSES = {
    "wrong-condition": "a comparison, boundary or boolean is wrong or inverted",
    "wrong-value": "the wrong variable, argument, key, unit or constant is used",
    "unhandled-case": "None, empty, missing, negative or failing input is no longer handled",
    "swallowed-error": "an error is hidden, or caught where it must not be",
    "resource-leak": "a file, lock, connection, task or await is forgotten",
    "race": "shared state is read and written without order",
    "injection": "untrusted text reaches a shell, query, path, template or deserialiser",
    "broken-contract": "callers are promised something that the code no longer does",
}
"""Name of the class, which is also the rule's name -> what it covers."""
