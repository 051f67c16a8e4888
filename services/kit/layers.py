"""Rows with named columns that stand on one another, written as SQL in as few layers as what is asked for needs.

A column names others as `q.name`. A layer is a sub-select that adds columns to the one before; `OFFSET 0` keeps
Postgres from merging layers, which would compute a column as often as it is named.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

NAMED = re.compile(r"\bq\.(\w+)")
"""A column that an expression names."""
PLAIN = re.compile(r"q\.\w+|(?:-?\d+(?:\.\d+)?|'[^']*'|\$\d+|NULL|true|false)(?:::\w+(?:\[\])?)?")
"""Another name of a column, or a literal: may stand wherever it is named."""


@dataclass(frozen=True)
class Rows:
    """A source, what is taken of it, and what is computed from that."""

    source: str
    """What stands behind FROM; its aliases are used in no expression for anything else."""
    given: Mapping[str, str]
    """Columns of the source: name and expression."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Further columns: name and expression over other columns and joins."""
    joins: Mapping[str, str] = field(default_factory=dict)
    """By alias, LEFT JOINs that keep every row once; one that no column names is left out."""

    def having(self, columns: Mapping[str, str], joins: Mapping[str, str] | None = None) -> "Rows":
        """The same rows with more columns."""
        return replace(self, columns={**self.columns, **columns}, joins={**self.joins, **(joins or {})})

    def joined(self, sql: str, given: Mapping[str, str]) -> "Rows":
        """The same rows with more of what is given, by a LEFT JOIN that keeps every row once."""
        return replace(self, source=f"{self.source} LEFT JOIN {sql}", given={**self.given, **given})

    def select(self, outputs: Mapping[str, str]) -> str:
        """SELECT what is asked for, by name and expression."""
        return _Layers(self, outputs).sql()


def _names(expressions: Iterable[str]) -> list[str]:
    return [name for each in expressions for name in NAMED.findall(each)]


class _Layers:
    """The layers between a source and what is asked for: only what that stands on, each column in the first that can."""

    def __init__(self, rows: Rows, outputs: Mapping[str, str]) -> None:
        self._given, self._source = rows.given, rows.source
        self._alias = re.compile(rf"\b({'|'.join(rows.joins) or '(?!)'})\.")
        self._columns, self._joins, self._outputs = dict(rows.columns), dict(rows.joins), dict(outputs)
        self._put({name for name, expression in self._columns.items() if PLAIN.fullmatch(expression)})
        self._prune()
        self._put(self._named_once())
        self._depths: dict[str, int] = dict.fromkeys(self._given, 0)

    def sql(self) -> str:
        """Each layer around the one before."""
        top = 1 + self._deepest(self._outputs.values())
        layer_of = {name: self._depth(name) for name in self._columns}
        join_at = {alias: self._join_depth(alias) for alias in self._joins}
        until = dict.fromkeys([*self._given, *self._columns], 0)  # the last layer that names it
        for at, expression in [
            *((layer_of[name], expression) for name, expression in self._columns.items()),
            *((join_at[alias], expression) for alias, expression in self._joins.items()),
            *((top, expression) for expression in self._outputs.values()),
        ]:
            until |= {name: max(at, until[name]) for name in _names([expression])}
        source = self._source
        for layer in range(1, top + 1):
            columns = self._outputs if layer == top else {
                name: self._columns[name] if self._depth(name) == layer else f"q.{name}"
                for name, last in until.items()
                if self._depth(name) <= layer < last
            }  # fmt: skip
            joins = [sql for alias, sql in self._joins.items() if join_at[alias] == layer]
            source = (
                f"({self._layer(columns, source, joins, first=layer == 1)}{'' if layer == top else ' OFFSET 0'}) AS q"
            )
        return source.removeprefix("(").removesuffix(") AS q")

    def _layer(self, columns: Mapping[str, str], source: str, joins: Collection[str], *, first: bool) -> str:
        def here(expression: str) -> str:
            return NAMED.sub(lambda name: self._given[name[1]], expression) if first else expression

        def output(name: str, expression: str) -> str:
            return expression if re.fullmatch(rf"\w+\.{name}", expression) else f"{expression} AS {name}"

        names = ", ".join(output(name, here(expression)) for name, expression in columns.items())
        return " ".join([f"SELECT {names} FROM {source}", *map(here, joins)])

    def _put(self, chosen: Collection[str]) -> None:
        """Write chosen columns out in the places where they are named."""
        columns, done = self._columns, dict[str, str]()

        def written(name: str) -> str:
            if name not in done:
                done[name] = put(columns[name])
            return done[name] if NAMED.fullmatch(done[name]) else f"({done[name]})"

        def put(expression: str) -> str:
            return NAMED.sub(lambda name: written(name[1]) if name[1] in chosen else name[0], expression)

        self._columns = {name: put(of) for name, of in columns.items() if name not in chosen}
        self._joins = {alias: put(sql) for alias, sql in self._joins.items()}
        self._outputs = {name: put(of) for name, of in self._outputs.items()}

    def _prune(self) -> None:
        """Leave out columns and joins on which nothing stands that is asked for."""
        columns: set[str] = set()
        joins: set[str] = set()
        waiting = list(self._outputs.values())
        while waiting:
            expression = waiting.pop()
            for name in set(_names([expression])) & self._columns.keys() - columns:
                columns.add(name)
                waiting.append(self._columns[name])
            for alias in set(self._alias.findall(expression)) - joins:
                joins.add(alias)
                waiting.append(self._joins[alias])
        self._columns = {name: of for name, of in self._columns.items() if name in columns}
        self._joins = {alias: of for alias, of in self._joins.items() if alias in joins}

    def _named_once(self) -> set[str]:
        """Columns that are named in one place, computed there once for each row.

        What stands in a sub-select may be computed for each of its rows; columns of a join stay where it is joined.
        """
        expressions = [*self._columns.values(), *self._outputs.values()]
        times = Counter(_names([*expressions, *self._joins.values()]))
        within = set(_names([*(each for each in expressions if "SELECT" in each), *self._joins.values()]))
        return {
            name
            for name, expression in self._columns.items()
            if times[name] == 1 and name not in within and not self._alias.search(expression)
        }

    def _deepest(self, expressions: Iterable[str]) -> int:
        return max(
            [
                *(self._depth(name) for name in _names(expressions)),
                *(self._join_depth(alias) - 1 for each in expressions for alias in self._alias.findall(each)),
            ],
            default=0,
        )

    def _depth(self, name: str) -> int:
        """The layer that computes a column."""
        if name not in self._depths:
            self._depths[name] = 1 + self._deepest([self._columns[name]])
        return self._depths[name]

    def _join_depth(self, alias: str) -> int:
        """The layer of a join: the first that has all that it and its columns name."""
        using = [of for of in self._columns.values() if alias in self._alias.findall(of)]
        return 1 + max((self._depth(name) for name in _names([self._joins[alias], *using])), default=0)
