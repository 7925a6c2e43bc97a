"""The JSON Schema of the configuration, from the loader's own table; `config.schema.json` beside it is its text."""

from __future__ import annotations

import json
from typing import Any

from actcheck.gate.keys import Key, Kind, Place, keys_of

_SCALAR = {"type": ["boolean", "number", "string"]}
_TEXT = {"type": "string", "pattern": r"^[^\u0000]*[^\s\u0000][^\u0000]*$"}
_FRAGMENTS: dict[Kind, dict[str, Any]] = {
    Kind.POSITIVE: {"type": "number", "exclusiveMinimum": 0},
    Kind.TOLERANCE: {"type": "number", "minimum": 0},
    Kind.TEXT: _TEXT,
    Kind.FLAG: {"type": "boolean"},
    Kind.ROWS: {
        "type": "array",
        "minItems": 1,
        "items": {"type": "array", "minItems": 1, "items": {"type": "number"}},
    },
    Kind.COLUMNS: {"type": "array", "minItems": 1, "items": {"anyOf": [_TEXT, {"type": "integer", "minimum": 1}]}},
    Kind.NAMES: {"type": "array", "minItems": 1, "items": _TEXT},
    Kind.INTERVAL: {"type": "array", "minItems": 2, "maxItems": 2, "items": {"type": "number"}},
    Kind.PARAMETERS: {
        "type": "object",
        "propertyNames": {"pattern": r"^[^\W\d]\w*$"},
        "additionalProperties": {"anyOf": [_SCALAR, {"type": "array", "minItems": 1, "items": _SCALAR}]},
    },
}


def schema() -> dict[str, Any]:
    """Give the schema of `actcheck.toml`, and of the table `tool.actcheck` of `pyproject.toml`."""
    root = {name: _fragment(key) for name, key in keys_of(Place.ROOT).items()}
    check = {name: _fragment(key) for name, key in keys_of(Place.CHECK).items()}
    items = {"type": "object", "required": ["target"], "additionalProperties": False, "properties": check}
    root["checks"] = {"type": "array", "minItems": 1, "items": items, "description": "The checks of `actcheck run`."}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "actcheck",
        "description": "What `actcheck run` checks: actcheck.toml, or [tool.actcheck] in pyproject.toml.",
        "type": "object",
        "required": ["checks"],
        "additionalProperties": False,
        "properties": root,
    }


def text() -> str:
    """Give the schema as it is shipped."""
    return json.dumps(schema(), indent=2) + "\n"


def _fragment(key: Key) -> dict[str, Any]:
    one = _one(key)
    if key.varies:
        one = {"anyOf": [one, {"type": "array", "minItems": 1, "items": one}]}
    return {**one, "description": key.meaning}


def _one(key: Key) -> dict[str, Any]:
    if key.kind is Kind.WHOLE:
        whole = {"type": "integer", "minimum": key.least}
        return whole if key.most is None else {**whole, "maximum": key.most}
    if key.kind is Kind.WORD:
        return {"enum": list(key.words)}
    return _FRAGMENTS[key.kind]
