"""What can go wrong for a user: each error says what was wrong, where, and what to do. Nothing here prints."""

from __future__ import annotations


class ActcheckError(Exception):
    """An error that the person at the terminal can act on.

    Parameters
    ----------
    what : str
        What was wrong, one sentence without a closing full stop.
    where : str, optional
        The file, line, column, option or target that it was found in.
    fix : str, optional
        What to do about it.
    trace : str, optional
        A traceback of the user's own code, cut to their frames, to be shown as it is.

    Notes
    -----
    Every kind has exit code 2: the target, data, configuration or usage cannot be used.
    """

    kind = "error"
    exit_code = 2

    def __init__(self, what: str, *, where: str = "", fix: str = "", trace: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.fix = fix
        self.trace = trace

    def __str__(self) -> str:
        where = f"{self.where}: " if self.where else ""
        fix = f"\n{self.fix}" if self.fix else ""
        return f"{where}{self.what}{fix}"


class UsageError(ActcheckError):
    """An option or argument of the command line that cannot be used."""

    kind = "usage"


class TargetError(ActcheckError):
    """A target that cannot be loaded as a functor; see `actcheck.targets` for its five kinds."""

    kind = "target"


class DataError(ActcheckError):
    """Rows, typed in or read from a file, that cannot be used."""

    kind = "data"


class ConfigError(ActcheckError):
    """A configuration that cannot be used."""

    kind = "configuration"


class OwnFaultError(ActcheckError):
    """A fault of actcheck's own: an exception that nobody expected.

    Parameters
    ----------
    message : str
        The exception's class and text.
    trace : str
        Its whole traceback.
    """

    kind = "internal"
    exit_code = 3

    def __init__(self, message: str, trace: str) -> None:
        self.message = message
        super().__init__(
            f"actcheck itself has failed: {message}",
            fix="please report this as a fault of actcheck, with the command and the lines below",
            trace=trace,
        )
