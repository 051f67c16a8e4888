"""Industry classes on the wire."""

from pydantic import BaseModel, ConfigDict, Field

from services.registry.industries.classes.rules import Edition
from services.registry.versions.schemas import Short


class ClassFilter(BaseModel):
    """Which classes."""

    model_config = ConfigDict(extra="forbid")

    edition: Edition | None = Field(default=None, description="of this edition")


class IndustryClass(BaseModel):
    """A class of an edition that is kept by name."""

    edition: Edition = Field(
        description="gbt4754-2017: GB/T 4754-2017 国民经济行业分类; sei-2018: 战略性新兴产业分类（2018）"
    )
    code: str = Field(
        description="section (门类), or section and division (大类); of sei-2018 the top", examples=["C39"]
    )
    above: str | None = Field(
        description="code of the class that it belongs to; null for a section, or the top of sei-2018", examples=["C"]
    )
    name: str = Field(description="as the edition has it", examples=["计算机、通信和其他电子设备制造业"])
    name_en: str = Field(
        description="our translation into English", examples=["Computers, communication and other electronic equipment"]
    )


class IndustryClasses(Short):
    """The classes that are kept by name."""

    items: list[IndustryClass] = Field(description="every class that is kept by name, by edition and code")
