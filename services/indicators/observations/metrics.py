"""Figures as they were known: the SQL by which every sum finds its observations. Design: semantics.md 1 and 2.

Every fragment speaks of the statement's parameters `$1` region, `$2` as_of and `$3` known_at.
"""

from decimal import Decimal

from services.plan_file.formula import Expression, Operation, names, parse

REGION, AS_OF, KNOWN_AT = "$1::text", "$2::date", "$3::timestamptz"


def known(row: str) -> str:
    """In force at `known_at` can be what was recorded up to then and not rejected by then."""
    return f"{row}.recorded_at <= {KNOWN_AT} AND ({row}.rejected_at IS NULL OR {row}.rejected_at > {KNOWN_AT})"


def of_series(series: str) -> str:
    """The known versions of one series' figures."""
    return f"FROM indicators.observation AS o WHERE o.region = {REGION} AND o.series = {series} AND {known('o')}"


def figure(series: str, period_end: str) -> str:
    """The row in force for one period: the latest version recorded."""
    return (
        f"SELECT o.value, o.comparable_base {of_series(series)} AND o.period_end = {period_end} "
        "ORDER BY o.recorded_at DESC LIMIT 1"
    )


def value(series: str, period_end: str) -> str:
    """The value in force for one period; nothing where there is none."""
    return f"(SELECT o.value {of_series(series)} AND o.period_end = {period_end} ORDER BY o.recorded_at DESC LIMIT 1)"


def figures(series: str, after: str, until: str) -> str:
    """The rows in force for the periods that ended in (after, until]."""
    return (
        f"SELECT DISTINCT ON (o.period_end) o.period_end, o.value, o.comparable_base {of_series(series)} "
        f"AND o.period_end > {after} AND o.period_end <= {until} ORDER BY o.period_end DESC, o.recorded_at DESC"
    )


def latest(series: str, after: str, until: str, condition: str) -> str:
    """P: the latest period that ended in (after, until] and has a value; looked for only under a condition."""
    return (
        f"SELECT o.period_end, o.value, o.comparable_base, o.recorded_at {of_series(series)} AND ({condition}) "
        f"AND o.period_end > {after} AND o.period_end <= {until} ORDER BY o.period_end DESC, o.recorded_at DESC LIMIT 1"
    )


def published_in(row: str, after: str, until: str) -> str:
    """How many periods that the source publishes ended in (after, until]; `published` holds all of them in order."""
    return f"(width_bucket({until}, {row}.published) - width_bucket({after}, {row}.published))"


def whole_volume(row: str, after: str, until: str) -> str:
    """Sum of a `flow` over (after, until]; nothing where a published period has no value.

    A month that is never published and has no figure is contained in the next one.
    """
    return f"""(SELECT CASE WHEN count(*) FILTER (WHERE f.period_end = ANY({row}.published))
                   = {published_in(row, after, until)} THEN coalesce(sum(f.value), 0) END
          FROM ({figures(f"{row}.series", after, until)}) AS f)"""


def comparable_volume(row: str, after: str, until: str) -> str:
    """What a `flow` over (after, until] is compared with: figure by figure the comparable base, else a year before."""
    before = value(f"{row}.series", year_before("f.period_end"))
    return f"""(SELECT CASE WHEN bool_and(b.base IS NOT NULL) THEN sum(b.base) END
          FROM ({figures(f"{row}.series", after, until)}) AS f,
          LATERAL (SELECT coalesce(f.comparable_base, {before}) AS base) AS b)"""


def lacks_a_base(row: str, after: str, until: str) -> str:
    """Whether a figure of a `flow` in (after, until] came without a comparable base."""
    return f"(SELECT bool_or(f.comparable_base IS NULL) FROM ({figures(f'{row}.series', after, until)}) AS f)"


def year_before(period_end: str) -> str:
    """Last day of the same period a year before (上年同期)."""
    return f"((({period_end} + 1)::timestamp - interval '1 year')::date - 1)"


def arithmetic(expression: Expression) -> str:
    """A formula in exact arithmetic over columns of `part`; nothing where it divides by zero."""
    match expression:
        case Decimal():
            return f"{expression:f}::numeric"
        case str():
            return f'part."{expression}"'
        case Operation(sign="/", left=left, right=right):
            return f"({arithmetic(left)} / nullif({arithmetic(right)}, 0))"
        case Operation(sign=sign, left=left, right=right):
            return f"({arithmetic(left)} {sign} {arithmetic(right)})"


def joined_inputs(formula: str, row: str) -> str:
    """The series of a formula's indicators on a row's subject, each as `of_` and its code."""
    return "".join(
        f" LEFT JOIN indicators.series AS of_{code} ON of_{code}.region = {REGION} "
        f"AND of_{code}.indicator = '{code}' AND of_{code}.subject = {row}.subject"
        for code in _inputs(formula)
    )


def latest_by_formula(formula: str, after: str, until: str, condition: str) -> str:
    """P of a formula: the latest period in which every indicator in it has a value; looked for under a condition."""
    first, *others = _inputs(formula)
    joined = "".join(
        f' CROSS JOIN LATERAL ({figure(f"of_{other}.id", "first.period_end")}) AS "in_{other}"' for other in others
    )
    columns = ", ".join([f'first.value AS "{first}"', *(f'"in_{other}".value AS "{other}"' for other in others)])
    return (
        f"SELECT part.period_end, {arithmetic(parse(formula))} AS value FROM (SELECT first.period_end, {columns} "
        f"FROM ({figures(f'of_{first}.id', after, until)}) AS first{joined}) AS part "
        f"WHERE {condition} ORDER BY part.period_end DESC LIMIT 1"
    )


def current_by_formula(formula: str, condition: str) -> str:
    """The same where the side table's rows of all inputs are of one period; nothing where they are not."""
    first, *others = _inputs(formula)

    def row(code: str, more: str) -> str:
        return (
            f"SELECT c.period_end, c.value FROM indicators.current AS c WHERE c.region = {REGION} "
            f"AND c.series = of_{code}.id AND {more} LIMIT 1"
        )

    joined = "".join(
        f' CROSS JOIN LATERAL ({row(other, "c.period_end = first.period_end")}) AS "in_{other}"' for other in others
    )
    columns = ", ".join([f'first.value AS "{first}"', *(f'"in_{other}".value AS "{other}"' for other in others)])
    return (
        f"SELECT part.period_end, {arithmetic(parse(formula))} AS value "
        f"FROM (SELECT first.period_end, {columns} FROM ({row(first, condition)}) AS first{joined}) AS part"
    )


def _inputs(formula: str) -> list[str]:
    return sorted(names(parse(formula)))
