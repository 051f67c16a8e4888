"""Evidence files on the wire."""

from typing import Annotated

from fastapi import Path
from pydantic import AwareDatetime, BaseModel, Field

from services.kit.files import Sha256
from services.kit.paging import By, Sort
from services.registry.versions.schemas import Seeking

Sha256InPath = Annotated[Sha256, Path(description="SHA-256 of the file's bytes, 64 small hex digits")]

Files = Annotated[
    list[Sha256],
    Field(
        default_factory=list,
        max_length=50,
        description="evidence: SHA-256 of files that POST /v1/files keeps",
        examples=[["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"]],
    ),
]
"""References of an object to evidence files."""
KeptFiles = Annotated[list[Sha256], Field(description="evidence files that it rests on, by SHA-256")]
"""The same as they are read."""


class FileView(BaseModel):
    """An evidence file as it was sent once (佐证材料); the same bytes may have been sent under other names too."""

    sha256: Sha256 = Field(
        description="SHA-256 of its bytes; its address",
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    )
    name: str = Field(description="name under which it was sent", examples=["开工证明.pdf"])
    size: int = Field(description="how large it is, in bytes", examples=[48213])
    media_type: str = Field(description="kind, recognised by the content", examples=["application/pdf"])
    client_id: str = Field(description="who sent it", examples=["jingxin-liaison"])
    unit: str | None = Field(
        description="unit for which it was sent, by code; null: the whole region", examples=["jingxin"]
    )
    at: AwareDatetime = Field(description="when, by the business clock", examples=["2018-07-16T01:00:00+00:00"])


class FileFilter(Seeking):
    """Which files."""

    sort: Annotated[Sort, By("at", "name", "size", "media_type", "unit")] = None
    sha256: Sha256 | None = Field(default=None, description="only this file, under all its names")
    subject: str | None = Field(
        default=None, max_length=200, description="that this object refers to", examples=["project:P01"]
    )
