"""Names that the types of Python's own library have, too: `x.get` may be a dict's."""

from __future__ import annotations

import ast
import builtins
import types
from functools import cache

from qcode.refactor.python.meaning import Program

_ALWAYS = frozenset(["builtins", "types", "open"])
"""`open`: of what open() returns; it needs no import, unlike the rest of io (a decoder's `reset`)."""


def standard(program: Program, name: str) -> bool:
    """Whether a builtin type has an attribute of this name, or one of a module that the program imports."""
    modules = _modules_with(name)
    if modules & _ALWAYS:
        return True
    firsts = {module.partition(".")[0] for module in modules}
    return any(
        first in firsts
        for path in program.files_with(firsts)
        for node in ast.walk(program.modules.trees[path])
        if isinstance(node, ast.Import | ast.ImportFrom)
        for first in _imported(node)
    )


def standard_type(program: Program, names: set[str]) -> bool:
    """Whether one type, builtin or of a module that the program imports, has all of these attributes."""
    able = {module.partition(".")[0] for module, attributes in _types() if names <= attributes}
    return bool(able & _ALWAYS) or bool(able and able & _imports(program))


def _imports(program: Program) -> set[str]:
    return {
        first
        for tree in program.modules.trees.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for first in _imported(node)
    }


def _imported(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [] if node.level else [(node.module or "").partition(".")[0]]
    return [alias.name.partition(".")[0] for alias in node.names]


def _modules_with(name: str) -> frozenset[str]:
    return _providers().get(name, frozenset())


@cache
def _providers() -> dict[str, frozenset[str]]:
    """Name of an attribute -> the modules whose types have it."""
    found: dict[str, set[str]] = {}
    for module, attributes in _types():
        for name in attributes:
            found.setdefault(name, set()).add(module)
    return {name: frozenset(modules) for name, modules in found.items()}


@cache
def _types() -> tuple[tuple[str, frozenset[str]], ...]:
    """The types of standard modules: the module, and the names of a type's attributes."""
    import argparse
    import array
    import collections
    import concurrent.futures
    import configparser
    import contextlib
    import csv
    import datetime
    import decimal
    import email.message
    import enum
    import fractions
    import hashlib
    import http.client
    import io
    import json
    import logging
    import pathlib
    import queue
    import random
    import re
    import socket
    import sqlite3
    import string
    import struct
    import subprocess
    import tempfile
    import threading
    import unittest.mock
    import urllib.parse
    import uuid
    import xml.etree.ElementTree
    import zipfile

    modules = (
        builtins, types, argparse, array, collections, concurrent.futures, configparser, contextlib, csv, datetime,
        decimal, email.message, enum, fractions, hashlib, http.client, io, json, logging, pathlib, queue, random,
        re, socket, sqlite3, string, struct, subprocess, tempfile, threading, unittest, unittest.mock, urllib.parse,
        uuid, xml.etree.ElementTree, zipfile, ast,
    )  # fmt: skip
    opened = (io.TextIOWrapper, io.BufferedReader, io.BufferedWriter, io.BufferedRandom, io.FileIO)
    found = [("open", frozenset(dir(kind))) for kind in opened]
    for module in modules:
        for kind in vars(module).values():
            # builtins.__loader__ is a type, too, but nobody's.
            if isinstance(kind, type) and kind.__module__ != "_frozen_importlib":
                found.append((module.__name__, frozenset(dir(kind))))
    return tuple(found)
