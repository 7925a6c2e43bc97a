"""The baseline's file, made to be committed: there is one way to write it, and all else is refused."""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from actcheck.errors import ActcheckError, ConfigError
from actcheck.gate import memory
from actcheck.gate.record import Numbers, Record, Row
from actcheck.model import Kink

VERSION = 2
"""Version of the file's layout, and of what its numbers mean."""

Records = Mapping[str, Record]

_FIX = "Restore it from version control, or take today's gradients anew with actcheck accept after deleting it."
_ANEW = "Take today's gradients anew with actcheck accept after deleting it."


def read(file: Path) -> Records | None:
    """Read a baseline; None where there is none.

    Raises
    ------
    ConfigError
        If it is torn, edited by hand, or of another version, with the line.
    """
    try:
        text = file.read_bytes().decode("utf-8").replace("\r\n", "\n")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ConfigError(f"the baseline cannot be read: {error.strerror}", where=str(file)) from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise _refused("it is not UTF-8", file, line) from error
    return _records(text, file)


def dump(records: Records) -> str:
    """Give the text of a baseline: checks by name, and what belongs together on one line."""
    return "\n".join(_lines(records)) + "\n"


def write(file: Path, text: str) -> None:
    """Write a baseline so that there is the old or the new one at any moment, and never a part; a link stays one.

    Raises
    ------
    ActcheckError
        If it cannot be written; the old one stands.
    """
    real = Path(os.path.realpath(file))
    try:
        handle, name = tempfile.mkstemp(prefix="baseline.", dir=_aside(real.parent))
        try:
            with open(handle, "w", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            os.chmod(name, _mode(real))
            os.replace(name, real)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(name)
            raise
    except OSError as error:
        raise ActcheckError(f"the baseline cannot be written: {error.strerror}", where=str(file)) from error


def _aside(folder: Path) -> Path:
    """Give the cache folder, which git ignores: what a killed process leaves behind is in nobody's way there."""
    try:
        return memory.cache(folder)
    except OSError:
        # A file of that name, perhaps; whether the baseline can be written is another matter.
        return folder


def _mode(file: Path) -> int:
    """Give the permissions of the file that is replaced, or those of any new file."""
    try:
        return file.stat().st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


# ------------------------------------------------------------------------------------------ text


def _lines(records: Records) -> Iterator[str]:
    yield "{"
    yield f'  "baseline": {VERSION},'
    if not records:
        yield '  "checks": {}'
        yield "}"
        return
    yield '  "checks": {'
    for number, name in enumerate(sorted(records), 1):
        yield f"    {json.dumps(name)}: {{"
        body = list(_body(records[name]))
        yield from body
        yield f'      "checksum": "{_checksum(name, body)}"'
        yield "    }" if number == len(records) else "    },"
    yield "  }"
    yield "}"


def _body(record: Record) -> Iterator[str]:
    yield f'      "rule": {record.rule},'
    yield f'      "structure": {json.dumps(record.structure)},'
    yield f'      "inputs": {record.inputs},'
    yield f'      "outputs": {record.outputs},'
    yield f'      "error": {_number(record.error)},'
    yield f'      "allowed": {_number(record.allowed)},'
    yield f'      "kinks found": {record.kinks_found},'
    yield from _listed("kinks", [_kink(kink) for kink in record.kinks])
    yield from _listed("rows", [_row(row) for row in record.rows])


def _listed(name: str, items: list[str]) -> Iterator[str]:
    if not items:
        yield f'      "{name}": [],'
        return
    yield f'      "{name}": ['
    yield from ",\n".join(items).split("\n")
    yield "      ],"


def _kink(kink: Kink) -> str:
    return f'        {{"x": {_number(kink.x)}, "slopes": {_numbers(kink.slopes)}, "chosen": {_number(kink.chosen)}}}'


def _row(row: Row) -> str:
    parts = [f'          "{name}": {_numbers(getattr(row, name))}' for name in ("x", "value", "gradient")]
    return "\n".join(["        {", ",\n".join(parts), "        }"])


def _numbers(values: Numbers) -> str:
    return f"[{', '.join(map(_number, values))}]"


def _number(value: float) -> str:
    if math.isfinite(value):
        return repr(float(value)).removesuffix(".0")
    return f'"{value}"'


def _checksum(name: str, body: list[str]) -> str:
    return hashlib.sha256("\n".join([name, *body]).encode("utf-8", "surrogatepass")).hexdigest()[:16]


# ------------------------------------------------------------------------------------------ reading


def _records(text: str, file: Path) -> Records:
    try:
        whole = json.loads(text)
    except json.JSONDecodeError as error:
        raise _refused(f"it is torn or was edited: {error.msg}", file, error.lineno) from error
    except (RecursionError, ValueError) as error:
        raise _refused("it was edited: no such file is written by accept", file, 1) from error
    if not isinstance(whole, dict) or not isinstance(whole.get("checks"), dict):
        raise _refused("it is no baseline", file, 1)
    if whole.get("baseline") != VERSION:
        what = f"it is of version {whole.get('baseline')!r}, and this actcheck reads version {VERSION}"
        raise _refused(what, file, _line_of(text, '  "baseline"'), _ANEW)
    records = {}
    for name, table in whole["checks"].items():
        line = _line_of(text, f"    {json.dumps(name)}: {{")
        try:
            records[name] = _record(table)
            genuine = table["checksum"] == _checksum(name, list(_body(records[name])))
        except (KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
            raise _refused(f"the check {name} was edited by hand", file, line) from error
        if not genuine:
            raise _refused(f"the check {name} was edited by hand: its checksum is another", file, line)
    _refuse_other_text(text, dump(records), file)
    return records


def _refuse_other_text(text: str, written: str, file: Path) -> None:
    """Refuse what says the same in other words: keys twice, checks in another order, blanks."""
    if text == written:
        return
    pairs = zip([*text.split("\n"), ""], [*written.split("\n"), ""], strict=False)
    line = next((number for number, (here, there) in enumerate(pairs, 1) if here != there), 1)
    raise _refused("it was edited: this line is not as accept writes it", file, line)


def _record(table: dict[str, Any]) -> Record:
    return Record(
        rule=_whole(table["rule"]),
        structure=_text(table["structure"]),
        inputs=_whole(table["inputs"]),
        outputs=_whole(table["outputs"]),
        error=_read(table["error"]),
        allowed=_read(table["allowed"]),
        kinks_found=_whole(table["kinks found"]),
        kinks=tuple(
            Kink(_read(kink["x"]), _read_all(kink["slopes"]), _read(kink["chosen"])) for kink in table["kinks"]
        ),
        rows=tuple(Row(*(_read_all(row[name]) for name in ("x", "value", "gradient"))) for row in table["rows"]),
    )


def _whole(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise TypeError


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise TypeError


def _read_all(values: list[object]) -> Numbers:
    return tuple(map(_read, values))


def _read(value: object) -> float:
    if isinstance(value, (int, float, str)) and not isinstance(value, bool):
        return float(value)
    raise TypeError


def _line_of(text: str, start: str) -> int:
    lines = text.split("\n")
    return next((number for number, line in enumerate(lines, 1) if line.startswith(start)), 1)


def _refused(what: str, file: Path, line: int, fix: str = _FIX) -> ConfigError:
    return ConfigError(f"the baseline cannot be used: {what}", where=f"{file}, line {line}", fix=fix)
