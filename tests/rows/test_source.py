"""Rows held in memory, and what is asked of every source of rows."""

from __future__ import annotations

import numpy as np
import pytest

from actcheck.model import CheckSpec
from actcheck.rows import batch, csv_file
from actcheck.rows.source import Held, Source

VALUES = [[1.0, -2.0], [0.5, 3.0], [7.0, 8.0]]


@pytest.fixture(params=["typed", "given", "line"])
def source(request, tmp_path) -> Source:
    """The same rows from each source."""
    spec = CheckSpec("relu", typed=tuple(map(tuple, VALUES)))
    if request.param == "typed":
        return Held(batch.typed(spec))
    if request.param == "given":
        return Held(batch.given(np.array(VALUES), "float64"))
    path = tmp_path / "rows.csv"
    path.write_text("\n".join(f"{a},{b}" for a, b in VALUES))
    return csv_file.read(str(path), (), "float64")


def test_every_source_gives_the_same(source, request):
    """Kind, width and count are known before any row is asked for; the rows come as often as they are asked for."""
    assert (source.width, source.count) == (2, 3)
    for _ in range(2):
        rows = list(source.chunks())
        assert np.concatenate([chunk.values for chunk in rows]).tolist() == VALUES
        assert {chunk.kind for chunk in rows} == {source.kind}
        assert all(not chunk.values.flags.writeable for chunk in rows)
    source.close()


@pytest.mark.parametrize(("kind", "label"), [("typed", "typed 0"), ("given", "given 0"), ("line", "line 1")])
@pytest.mark.parametrize("source", ["typed", "given", "line"], indirect=True)
def test_labels(source, kind, label):
    if source.kind == kind:
        (rows,) = source.chunks()
        assert rows.label(0) == label


def test_no_rows_are_no_chunk():
    assert list(Held(batch.given(np.empty((0, 3)), "float64")).chunks()) == []


def test_notes_come_along():
    rows = batch.given(np.array(VALUES), "float64")
    assert Held(rows).notes == ()
    assert Held(rows, ("read aloud",)).notes == ("read aloud",)
