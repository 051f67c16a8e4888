"""Fields that many objects of a plan file have, each explained once."""

from typing import Annotated

from pydantic import Field

from services.plan_file.scalars import Code, Subject, Text

OwnCode = Annotated[Code, Field(description="Short name (代码) by which other things refer to it.")]
Name = Annotated[Text, Field(description="Name in Chinese (名称), as letters and lists print it.")]
NameEn = Annotated[Text | None, Field(description="Name in English; empty where nobody gave one.")]
Aliases = Annotated[list[Text], Field(description="Other names that it goes by (别名).")]
IndustryCode = Annotated[Code, Field(description="Code of the industry (产业) under which it is counted.")]
About = Annotated[Subject, Field(description="What it is about: kind:code, or `plan` for the plan itself.")]
Clause = Annotated[Text, Field(description="Where in the published text it stands (条款), such as 二（三）2.")]
Phrase = Annotated[Text, Field(description="The text's own words (原文): exact substring of the published text.")]
