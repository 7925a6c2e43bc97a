"""The schema that editors get says what the loader does."""

from __future__ import annotations

from importlib.resources import files

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actcheck.gate import keys, schema

VALIDATOR = jsonschema.Draft202012Validator(schema.schema())
CHECK = schema.schema()["properties"]["checks"]["items"]["properties"]

scalars = st.one_of(
    st.booleans(),
    st.integers(-2, 10),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["", " ", "a", "float32", "in-out", "verify", "2"]),
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2)
)


def test_the_shipped_file_is_the_table():
    shipped = files("actcheck.gate").joinpath("config.schema.json").read_text("utf-8")
    assert shipped == schema.text(), "write it anew: actcheck.gate.schema.text()"


def test_it_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(schema.schema())


def test_a_configuration():
    VALIDATOR.validate({"seed": 1, "checks": [{"target": "relu", "parameters": {"at_zero": [0, 1]}, "dim": [1, 5]}]})
    assert not VALIDATOR.is_valid({"checks": []})
    assert not VALIDATOR.is_valid({"checks": [{"name": "relu"}]})
    assert not VALIDATOR.is_valid({"checks": [{"target": "relu", "bach": 8}]})
    assert not VALIDATOR.is_valid({"target": "relu", "checks": [{"target": "relu"}]})


@pytest.mark.parametrize("key", keys.KEYS, ids=lambda key: key.name)
@given(value=values)
def test_loader_and_schema_agree(key, value):
    fragment = CHECK.get(key.name) or schema.schema()["properties"][key.name]
    # JSON Schema takes 1.0 for an integer; TOML tells the two apart, and so does the loader.
    told = jsonschema.Draft202012Validator(fragment).is_valid(whole_floats_aside(value))
    assert told == key.takes(whole_floats_aside(value))


def whole_floats_aside(value):
    if isinstance(value, float) and value.is_integer():
        return 0.5
    if isinstance(value, list):
        return [whole_floats_aside(each) for each in value]
    if isinstance(value, dict):
        return {name: whole_floats_aside(each) for name, each in value.items()}
    return value
