"""Reading the pages of a site as a person does: the words and figures that stand on them."""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

LANGUAGES = {"id": "", "en": "en/"}
"""Language of a page → the folder that it stands in."""
_VOID = {"meta", "link", "input", "br", "hr", "img"}


@dataclass
class Element:
    """A part of a page, with what is in it."""

    tag: str
    attributes: dict[str, str]
    children: list["Element | str"] = field(default_factory=list)

    def text(self) -> str:
        """What a reader reads there; spaces are one."""
        parts = (child if isinstance(child, str) else child.text() for child in self.children)
        return " ".join("".join(parts).split())

    def find(self, tag: str, **attributes: str) -> list["Element"]:
        """All parts of that kind below this one, in order."""
        found = []
        for child in self.children:
            if isinstance(child, Element):
                of = {name.replace("_", "-"): value for name, value in attributes.items()}
                if child.tag == tag and of.items() <= child.attributes.items():
                    found.append(child)
                found += child.find(tag, **attributes)
        return found

    def rows(self) -> list[list[str]]:
        """The rows of a table's body, cell by cell; of a figure with evidence, the figure."""
        return [
            [cell.text() for cell in row.children if isinstance(cell, Element)]
            for body in self.find("tbody")
            for row in body.find("tr")
        ]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("page", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def read(file: Path) -> Element:
    """A page; it fails where its parts are not closed in order."""
    reader = _Reader()
    reader.feed(file.read_text(encoding="utf-8"))
    reader.close()
    assert reader.open == [reader.root], file
    return reader.root


def number(text: str, language: str) -> Decimal:
    """The first number of a text, written as readers of the language write it."""
    found = re.search(r"[\N{MINUS SIGN}+-]?\d[\d.,]*", text)
    assert found, text
    digits = found[0].replace("\N{MINUS SIGN}", "-").rstrip(".,")
    thousands, point = (".", ",") if language == "id" else (",", ".")
    return Decimal(digits.replace(thousands, "").replace(point, "."))
