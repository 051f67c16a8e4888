"""What tokens say: who issues them for whom, how long they hold, and the scopes that there are. Pure values."""

from collections.abc import Iterable

ISSUER = "duban-registry"
AUDIENCE = "duban"
ALGORITHM = "EdDSA"
TOKEN_TYPE = "at+jwt"  # noqa: S105 - the kind of token, not one
LIFETIME_SECONDS = 600

SCOPES = {
    "registry:read": "read plans, units, industries, carriers, enterprises, projects",
    "registry:write": "change them",
    "files:submit": "keep evidence files",
    "projects:propose": "propose steps, suspensions and changes of projects, give opinions, for the caller's unit",
    "projects:decide": "decide what was proposed for projects",
    "problems:raise": "record leaders' visits, raise problems, say what came of them, for the caller's unit",
    "problems:decide": "assign, decide and return problems that were raised",
    "plans:apply": "apply a plan file, activate a plan, divide its targets, hand it over to a successor",
    "tasks:report": "report steps and progress of tasks, payments and publicity of the caller's unit and those below",
    "prospects:read": "read prospects of the caller's unit and those below, and activities",
    "prospects:write": "keep them, up to the enterprise and the project that they become",
    "indicators:read": "read indicators, figures, targets, gaps",
    "observations:submit": "report figures for the caller's unit and those below",
    "observations:verify": "reject figures, report them as verified, approved or audited",
    "notices:read": "read notices, digests, deliveries",
    "notices:reply": "acknowledge and answer notices",
    "notices:run": "run what is due",
    "contacts:deliver": "read contact addresses in clear",
    "clock:move": "move the embedded platform's business clock",
    "admin": "make callers, their keys and people's accounts, link outside accounts",
    "roles:grant": "grant and revoke roles",
    "audit:read": "read the audit trail",
}

ADMINISTRATIONS = {"admin": "system", "roles:grant": "security", "audit:read": "audit"}
"""The three administrations (三员分立: 系统管理, 安全管理, 审计管理) by the scope that makes one; nobody holds two."""


def administrations(scopes: Iterable[str]) -> set[str]:
    """Which administrations somebody with these scopes has a part in."""
    return {ADMINISTRATIONS[scope] for scope in scopes if scope in ADMINISTRATIONS}
