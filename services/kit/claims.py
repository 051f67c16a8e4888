"""What tokens say: who issues them for whom, how long they hold, and the scopes that there are. Pure values."""

ISSUER = "duban-registry"
AUDIENCE = "duban"
ALGORITHM = "EdDSA"
LIFETIME_SECONDS = 600

SCOPES = {
    "registry:read": "read plans, units, industries, carriers, enterprises, projects",
    "registry:write": "change them",
    "plans:apply": "apply a plan file, activate a plan",
    "indicators:read": "read indicators, figures, targets, gaps",
    "observations:submit": "report figures for the caller's unit and those below",
    "observations:verify": "reject figures",
    "notices:read": "read notices, digests, deliveries",
    "notices:reply": "acknowledge and answer notices",
    "notices:run": "run what is due",
    "contacts:deliver": "read contact addresses in clear",
    "clock:move": "move the embedded platform's business clock",
    "admin": "make callers and their keys",
    "audit:read": "read the audit trail",
}
