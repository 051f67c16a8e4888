"""Keys and tokens on the wire."""

import uuid
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.kit.errors import Problem
from services.kit.paging import By, Sort
from services.plan_file.scalars import Text
from services.registry.versions.schemas import Paging

KEY_ID = Field(description="UUIDv7 of the key, by which it is revoked and rotated")
CLIENT = Field(description="the caller whose key it is")
SCOPES = Field(description="scopes of the key; what roles of the caller allow comes on top")
UNIT = Field(
    description="code of the unit for which the caller acts: it sees that unit and those below; null: the whole region"
)


class TokenAnswer(BaseModel):
    """A token, as OAuth 2.0 answers it (RFC 6749, 5.1)."""

    access_token: str = Field(description="JWT (RFC 9068) to send as `Authorization: Bearer …`")
    token_type: str = Field(default="Bearer", description="always Bearer (RFC 6750)")
    expires_in: int = Field(description="seconds until the token runs out", examples=[600])
    scope: str = Field(
        description="what the token allows: scopes with blanks between them", examples=["indicators:read registry:read"]
    )


OAuthError = Literal["invalid_client", "invalid_request", "invalid_scope", "unsupported_grant_type"]
"""What the token endpoint refuses (RFC 6749, 5.2)."""


class OAuthProblem(Problem):
    """A problem of the token endpoint, as OAuth libraries read it too (RFC 6749, 5.2)."""

    error: OAuthError = Field(description="kind of refusal, by its name in RFC 6749 (5.2)")
    error_description: str = Field(description="what was wrong, in English and ASCII only")


class PublicKey(BaseModel):
    """A public key (RFC 7517)."""

    kty: str = Field(description="kind of key (RFC 8037): always OKP")
    crv: str = Field(description="the curve, always Ed25519")
    x: str = Field(description="the public key itself: 32 bytes in base64url")
    kid: str = Field(description="key id that the header of a token names: the thumbprint of RFC 7638")
    use: str = Field(description="what the key is for: `sig`, checking signatures")
    alg: str = Field(description="algorithm of the signatures, always EdDSA")


class Jwks(BaseModel):
    """The keys by which tokens are checked."""

    keys: list[PublicKey] = Field(
        description="for each signing key those of this period, of the one before and of the next; the first one "
        "signs now"
    )


class NewKey(BaseModel):
    """A key to be made, and for whom."""

    model_config = ConfigDict(extra="forbid")

    client_id: str = Field(
        pattern=r"^[a-z0-9][a-z0-9_.-]{0,62}$",
        description="the caller; made if it is new",
        examples=["statistics-desk"],
    )
    scopes: list[str] = Field(
        max_length=50,
        description="may be empty for a client that is granted roles",
        examples=[["registry:read", "observations:submit"]],
    )
    unit: Text | None = Field(
        default=None, description="unit by code or name: the caller sees it and those below; without, everything"
    )
    days: int = Field(strict=True, default=365, ge=1, le=1830, description="the key expires after so many days")


class KeyView(BaseModel):
    """A key, without the key."""

    id: uuid.UUID = KEY_ID
    client_id: str = CLIENT
    prefix: str = Field(description="its first characters")
    scopes: list[str] = SCOPES
    unit: str | None = UNIT
    created_at: AwareDatetime = Field(description="when it was made, by the database's own time")
    created_by: str = Field(description="client or person:NAME that made it; `installation` for a fixed one")
    expires_at: AwareDatetime | None = Field(description="null for a caller fixed by the installation")
    revoked_at: AwareDatetime | None = Field(
        description="when it was revoked, by the database's own time; null: it was not"
    )
    last_used_at: AwareDatetime | None = Field(
        default=None, description="when a token was last made for it, to the minute; null if never"
    )


class Rotation(BaseModel):
    """How a key is replaced by a new one."""

    model_config = ConfigDict(extra="forbid")

    overlap_hours: int = Field(
        strict=True, default=24, ge=0, le=720, description="so long both keys hold; 0 ends the old one at once"
    )
    days: int = Field(strict=True, default=365, ge=1, le=1830, description="the new key expires after so many days")


class Renewal(BaseModel):
    """How a client replaces its own key."""

    model_config = ConfigDict(extra="forbid")

    key: str = Field(min_length=1, max_length=512, description="the present key, which says who asks")
    overlap_hours: int = Field(
        strict=True, default=24, ge=0, le=720, description="so long both keys hold; 0 ends the old one at once"
    )


class Lapsed(BaseModel):
    """A role that ended: who may not do what it may now knows how to act for its holder, or its holder moved."""

    role: str = Field(description="code of the role, from the list roles", examples=["leading_group_office"])
    unit: str | None = Field(description="code of the unit; null: the whole region")


class MadeKey(BaseModel):
    """A key that was just made. It is shown this once."""

    id: uuid.UUID = KEY_ID
    client_id: str = CLIENT
    key: str = Field(description="keep it secret; it is not shown again")
    scopes: list[str] = SCOPES
    unit: str | None = UNIT
    expires_at: AwareDatetime = Field(description="from when it holds no more, by the database's own time")
    lapsed: list[Lapsed] = Field(
        default_factory=list,
        description="roles of the client that ended, since their scopes go beyond the maker's; the security "
        "administrator grants them again",
    )


class KeyFilter(Paging):
    """Which keys."""

    sort: Annotated[Sort, By("created_at", "client_id", "unit", "expires_at", "last_used_at")] = None
    client_id: str | None = Field(default=None, max_length=63, description="of this caller")
