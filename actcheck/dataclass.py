"""Dataclasses whose methods are shared rather than generated, so that a start pays for none of them.

The standard decorator writes and compiles up to six methods a class, two thirds of a millisecond each time that the
class is loaded; the sixty classes that a check loads cost as much as the check. Here the standard library still reads
the fields (so `replace`, `fields` and `asdict` work, and a type checker sees its own decorator), and the methods are
those below, once for all classes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    import dataclasses

    def dataclass(cls=None, /, *, frozen=False, eq=True):
        """Make a dataclass, as `dataclasses.dataclass` does of the same options.

        Parameters
        ----------
        cls : type
        frozen : bool
            Whether an assignment to a field raises `dataclasses.FrozenInstanceError`; then, or without `eq`, values
            can be hashed.
        eq : bool
            Whether two values of one class are equal where their fields are.
        """
        if cls is None:
            return lambda late: dataclass(late, frozen=frozen, eq=eq)
        written = set(vars(cls))
        made = dataclasses.dataclass(init=False, repr=False, eq=False)(cls)
        made._names = tuple(field.name for field in dataclasses.fields(made))
        methods = {"__init__": _init, "__repr__": _repr}
        methods |= {"__eq__": _eq, "__hash__": _hash if frozen else None} if eq else {}
        methods |= {"__setattr__": _refuse_to_set, "__delattr__": _refuse_to_delete} if frozen else {}
        for name, method in methods.items():
            if name not in written:
                setattr(made, name, method)
        return made

    def _init(self, *args, **kwargs):
        names = self._names
        # Past the refusal to set.
        own = self.__dict__
        own.update(zip(names, args, strict=False), **kwargs)
        if len(args) + len(kwargs) != len(names) or own.keys() != self.__dataclass_fields__.keys():
            _complete(self, args, kwargs)
        if post := getattr(self, "__post_init__", None):
            post()

    def _complete(value, args, kwargs):
        """Take what was not given from the fields' defaults, or say what is wrong with what was given."""
        kind, own = type(value).__qualname__, value.__dict__
        if len(args) > len(value._names):
            raise TypeError(f"{kind}() has {len(value._names)} fields, and {len(args)} values were given")
        if twice := kwargs.keys() & set(value._names[: len(args)]):
            raise TypeError(f"{kind}() got {', '.join(map(repr, sorted(twice)))} twice")
        if unknown := kwargs.keys() - set(value._names):
            raise TypeError(f"{kind}() has no field {', '.join(map(repr, sorted(unknown)))}")
        for field in dataclasses.fields(value):
            if field.name not in own:
                own[field.name] = _default(kind, field)

    def _default(kind, field):
        if field.default is not dataclasses.MISSING:
            return field.default
        if field.default_factory is not dataclasses.MISSING:
            return field.default_factory()
        raise TypeError(f"{kind}() misses {field.name!r}")

    def _told(value):
        return tuple(getattr(value, field.name) for field in dataclasses.fields(value) if field.compare)

    def _repr(self):
        shown = (f"{field.name}={getattr(self, field.name)!r}" for field in dataclasses.fields(self) if field.repr)
        return f"{type(self).__qualname__}({', '.join(shown)})"

    def _eq(self, other):
        return _told(self) == _told(other) if type(other) is type(self) else NotImplemented

    def _hash(self):
        return hash(_told(self))

    def _refuse_to_set(self, name, value):
        raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")

    def _refuse_to_delete(self, name):
        raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


__all__ = ["dataclass"]
