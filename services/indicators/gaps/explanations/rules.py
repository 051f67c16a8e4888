"""The order of judgement (semantics.md 4) by its numbers, as an explanation tells it."""

JUDGEMENT = {
    0: "a milestone: done or late, due soon, or not yet due",
    1: "as_of lies on or before the start",
    2: "no period has a value, or the value cannot be computed",
    3: "the coverage date is the goal's date: final",
    4: "cumulative: the goal is reached, or its date has come without it",
    5: "the light policy",
    6: "the light policy, not better than yellow with two or more overdue reports",
}
"""What decides the light."""
