"""Whose the objects of every route are: a unit's, or the whole region's and why.

Whoever adds a route with something in its path says so here; a test names the one that is forgotten. Objects of a unit
are asked for as own, child, sibling, foreign and missing; those of the whole region as any one that is there and missing.
"""

from collections.abc import Mapping

RELATIONS = ("own", "child", "sibling", "foreign")

OF_A_UNIT: Mapping[str, str] = {
    "registry/v1/units/{code}": "the unit itself",
    "registry/v1/units/{unit}/contacts/{role}": "the unit whose contact it is",
    "registry/v1/keys/{key_id}": "the unit of the key's client",
    "registry/v1/grants/{grant}": "the unit for which the role is granted",
    "registry/v1/people/{name}": "the unit of the person",
    "registry/v1/outside-accounts/{account}": "the unit of the account, or of its person",
    "registry/v1/files/{sha256}": "the unit that sent it, and those that see what refers to it",
    "registry/v1/plans/{plan}/responsibilities/{matter}": "the unit that leads",
    "registry/v1/rosters/{roster}": "the unit that keeps it",
    "registry/v1/rosters/{code}": "the unit that keeps it",
    "registry/v1/projects/{code}": "the units that answer for it",
    "registry/v1/plans/{plan}/targets/{target}/change-requests": "the units that answer for the target",
    "registry/v1/change-requests/{code}": "the unit that asks",
    "registry/v1/milestones/{code}": "the units that answer for the project",
    "registry/v1/leader-contacts/{code}": "the leader, who has a place in the tree as a unit has",
    "registry/v1/visits/{code}": "the leader who visited, and the units that answer for what was visited",
    "registry/v1/problems/{code}": "the unit that raised it, those that deal with it, the leader",
    "registry/v1/plans/{plan}/tasks/{code}": "the units that answer for it",
    "registry/v1/plans/{plan}/publicity/{entry}": "the unit that published",
    "registry/v1/plans/{plan}/instruments/{code}": "the unit that pays",
    "registry/v1/plans/{plan}/payments/{payment}": "the unit that paid",
    "registry/v1/prospects/{code}": "the unit that works on it",
    "registry/v1/activities/{code}": "the units that held it",
    "registry/v1/jobs/{job}": "the unit for which it was sent",
    "indicators/v1/jobs/{job}": "the unit for which it was sent",
    "indicators/v1/observations/{key}": "the unit that reported",
    "indicators/v1/plans/{plan}/targets/{target}": "the units that answer for the target",
    "indicators/v1/plans/{plan}/units/{unit}/responsibility-letter": "the unit whose letter it is",
    "indicators/v1/gaps/{target}": "the units that answer for the target",
    "notifier/v1/notices/{notice}": "the unit that is asked",
    "notifier/v1/deliveries/{delivery}": "the unit of the notice or digest",
}
"""By the beginning of the path: which unit an object is of."""

OF_THE_REGION: Mapping[str, str] = {
    "registry/v1/calendars/{year}": "working days are the same for everybody",
    "registry/v1/industries/{code}": "an industry is a heading of the plan; who answers for it is a responsibility",
    "registry/v1/carriers/{code}": "a carrier is a place; who answers for it is a responsibility",
    "registry/v1/enterprises/{code}": "an enterprise is public knowledge and under no unit",
    "registry/v1/enterprise-groups/{code}": "a group is made of enterprises, which are under no unit",
    "registry/v1/project-kinds/{code}": "the way of a kind of project is one rule for all of them",
    "registry/v1/plans/{code}": "a plan is published for the whole region",
    "registry/v1/plans/{plan}/shared-projects/{code}": "which plans have a project in common is said of plans",
    "registry/v1/plans/{plan}/successor": "a plan is continued as a whole",
    "registry/v1/reorganisations/{code}": "a reorganisation is an act on the whole tree",
    "registry/v1/{objects}:template": "a template is of a kind of objects and holds none",
    "indicators/v1/plans/{code}": "a plan is published for the whole region",
    "indicators/v1/indicators/{code}": "an indicator is a heading of the plan",
    "indicators/v1/series/{series}": "a series says what is measured on what; its figures are a unit's",
    "notifier/v1/plans/{code}": "a plan is published for the whole region",
    "registry/v1/code-lists/{name}": "what values are called is the same for everybody",
    "indicators/v1/code-lists/{name}": "what values are called is the same for everybody",
    "notifier/v1/code-lists/{name}": "what values are called is the same for everybody",
}
"""By the beginning of the path: why an object is of no unit."""

NAMED_IN_THE_BODY: Mapping[str, str] = {
    "POST registry/v1/keys": "the unit of the new key's client",
    "POST registry/v1/people": "the unit of the new person",
    "POST registry/v1/grants": "the unit for which the role is granted",
    "POST registry/v1/outside-accounts": "the unit to which the account is linked",
    "POST registry/v1/rosters": "the unit that will keep it",
    "POST registry/v1/leader-contacts": "the leader",
    "POST registry/v1/visits": "the leader who visited",
    "POST registry/v1/problems": "the unit that raises it",
    "POST registry/v1/plans/{plan}/publicity": "the unit that published",
    "POST registry/v1/{objects}:import": "the unit of the contact in the row; other kinds are of none",
    "POST registry/v1/visits:import": "the leader in the row, who visited",
    "POST registry/v1/payments:import": "the unit that pays of the instrument in the row",
    "POST registry/v1/publicity:import": "the unit in the row, which published",
    "POST registry/v1/prospects:import": "the unit in the row, which works on the prospect",
    "POST registry/v1/activities:import": "the units in the row, which held the activity",
    "POST indicators/v1/observations:batch": "the bureau of the series; who reports is not named",
    "POST indicators/v1/observations:import": "the bureau of the series, which is named as who reports",
    "POST indicators/v1/milestones:import": "the units that answer for the milestone",
}
"""Calls that say in what they send which unit they are about: asked once for each relation."""

NAMED_IN_THE_QUERY: Mapping[str, str] = {
    "GET indicators/v1/lights/history": "the units that answer for the target",
}
"""Calls that are about one thing, which is in their query."""

FOR_EVERYBODY: Mapping[str, str] = {
    "registry/v1/units/{code}": "who there is",
    "registry/v1/plans/{plan}/responsibilities/{matter}": "who answers for what is published with the plan",
    "registry/v1/rosters/{roster}": "what a count is made of can be counted again by everybody",
    "registry/v1/rosters/{code}": "what a count is made of can be counted again by everybody",
    "registry/v1/projects/{code}": "the plan's annex lists them, and their life is how the units see each other's progress",
    "registry/v1/plans/{plan}/targets/{target}/change-requests": "targets are published with the plan",
    "registry/v1/change-requests/{code}": "units give their opinions on each other's requests",
    "registry/v1/milestones/{code}": "they are part of the projects",
    "registry/v1/leader-contacts/{code}": "which leader is in contact with what is announced",
    "registry/v1/visits/{code}": "what leaders saw is for all who work on the plan; what is asked of a unit is a problem",
    "registry/v1/plans/{plan}/tasks/{code}": "tasks are published with the plan",
    "registry/v1/plans/{plan}/publicity/{entry}": "it was published",
    "registry/v1/plans/{plan}/instruments/{code}": "support is published with the policy that gives it",
    "registry/v1/plans/{plan}/payments/{payment}": "what was paid of it is published",
}
"""Of units, and yet read by everybody who reads the registry, and why. What changes them is their units' all the same."""


def longest(table: Mapping[str, str], path: str) -> str | None:
    """The entry of a table with the longest beginning of a path that ends where a part of the path does."""
    found = [known for known in table if path.startswith(known) and path[len(known) : len(known) + 1] in {"", "/", ":"}]
    return max(found, key=len, default=None)


def kind_of(method: str, path: str) -> tuple[str, ...]:
    """The entries that speak of a call: exactly one for each that has something in its path."""
    call = f"{method} {path}"
    if call in NAMED_IN_THE_BODY or call in NAMED_IN_THE_QUERY:
        return (call,)
    entries = (longest(OF_A_UNIT, path), longest(OF_THE_REGION, path))
    return tuple(entry for entry in entries if entry is not None)
