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
        made.__fields_known__ = _Known(dataclasses.fields(made))
        methods = {"__init__": _init, "__repr__": _repr}
        methods |= {"__eq__": _eq, "__hash__": _hash if frozen else None} if eq else {}
        methods |= {"__setattr__": _refuse_to_set, "__delattr__": _refuse_to_delete} if frozen else {}
        for name, method in methods.items():
            if name not in written:
                setattr(made, name, method)
        return made

    class _Known:
        """What the methods ask of a class's fields, worked out once; in one attribute: no other name is taken."""

        __slots__ = ("compared", "defaults", "factories", "names", "set")

        def __init__(self, fields):
            missing = dataclasses.MISSING
            self.names = tuple(field.name for field in fields)
            self.set = frozenset(self.names)
            self.compared = tuple(field.name for field in fields if field.compare)
            self.defaults = {field.name: field.default for field in fields if field.default is not missing}
            self.factories = [
                (field.name, field.default_factory) for field in fields if field.default_factory is not missing
            ]

    def _init(self, *args, **kwargs):
        known = self.__fields_known__
        names = known.names
        # Past the refusal to set.
        own = self.__dict__
        own.update(zip(names, args, strict=False), **kwargs)
        given = len(own)
        if given < len(names):
            for name, value in known.defaults.items():
                own.setdefault(name, value)
            for name, factory in known.factories:
                if name not in own:
                    own[name] = factory()
        if given != len(args) + len(kwargs) or own.keys() != known.set:
            _refuse(self, args, kwargs)
        if post := getattr(self, "__post_init__", None):
            post()

    def _refuse(value, args, kwargs):
        """Say what does not fit the fields."""
        kind, names = type(value).__qualname__, value.__fields_known__.names
        if len(args) > len(names):
            raise TypeError(f"{kind}() has {len(names)} fields, and {len(args)} values were given")
        if unknown := kwargs.keys() - set(names):
            raise TypeError(f"{kind}() has no field {', '.join(map(repr, sorted(unknown)))}")
        if twice := kwargs.keys() & set(names[: len(args)]):
            raise TypeError(f"{kind}() got {', '.join(map(repr, sorted(twice)))} twice")
        raise TypeError(f"{kind}() misses {', '.join(repr(name) for name in names if name not in value.__dict__)}")

    def _told(value):
        own = value.__dict__
        return tuple(own[name] for name in value.__fields_known__.compared)

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
