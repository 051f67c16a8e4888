"""A fault in a plan file: where it is, what is wrong and what would be right, in Chinese or English."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from services.plan_file.sentences import SENTENCES

Language = Literal["zh", "en"]
Path = tuple[str | int, ...]


def written(path: Path) -> str:
    """Write a path as a person does."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


@dataclass(frozen=True)
class Fault:
    """One thing that keeps a plan file from being used."""

    code: str
    path: Path
    values: Mapping[str, object] = field(default_factory=dict)
    line: int | None = None
    """Line of the text, from 1; None where the fault was not found in a text."""

    @property
    def where(self) -> str:
        """The path as a person writes it: `targets[3].checkpoints[0].date`, counted from 0."""
        return written(self.path)

    def problem(self, language: Language = "zh") -> str:
        """Say what is wrong."""
        return SENTENCES[self.code][language][0].format_map(self._words())

    def remedy(self, language: Language = "zh") -> str:
        """Say what would be right."""
        return SENTENCES[self.code][language][1].format_map(self._words())

    def sentence(self, language: Language = "zh") -> str:
        """Line, path, problem and remedy in one line."""
        if language == "zh":
            line = "" if self.line is None else f"第 {self.line} 行 "
            return f"{line}{self.where or '文件'}：{self.problem('zh')}。{self.remedy('zh')}。"
        line = "" if self.line is None else f"line {self.line}, "
        return f"{line}{self.where or 'file'}: {self.problem('en')}; {self.remedy('en')}."

    def _words(self) -> dict[str, object]:
        return {key: written(value) if isinstance(value, tuple) else value for key, value in self.values.items()}
