"""Numbers as readers of a language write them, rounded half-up from exact decimals."""

from decimal import ROUND_HALF_UP, Decimal

_SIGNS = {"id": str.maketrans(",.", ".,"), "en": {}}
LANGUAGES = tuple(_SIGNS)
MISSING = "–"

Number = Decimal | int


def number(value: Number | None, language: str, places: int = 0) -> str:
    """A number with so many decimals: 1.234,56 in Indonesian, 1,234.56 in English."""
    if value is None:
        return MISSING
    exact = Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    # Nothing is below zero that prints as zero.
    text = f"{exact if exact else abs(exact):,.{places}f}".replace("-", "\N{MINUS SIGN}")
    return text.translate(_SIGNS[language])


def places(step: Decimal | None, default: int = 2) -> int:
    """How many decimals a figure has that is printed in such steps."""
    exponent = step.normalize().as_tuple().exponent if step else -default
    return max(0, -exponent) if isinstance(exponent, int) else default


def score(value: Number | None, language: str, step: Decimal | None = None, more: int = 0) -> str:
    """A score with the decimals of its printed step, and so many more."""
    return number(value, language, places(step) + more)


def signed(value: Number | None, language: str, places: int = 2) -> str:
    """A difference with its sign."""
    text = number(value, language, places)
    return f"+{text}" if value is not None and value > 0 and text.strip("0.,") else text


def percent(value: Number | None, language: str, places: int = 2) -> str:
    """A number from 0 to 100 as a percentage."""
    return MISSING if value is None else f"{number(value, language, places)}%"


def rupiah(value: Number | None, language: str) -> str:
    """Whole rupiah."""
    return MISSING if value is None else f"Rp{number(value, language)}"


def bytes_of(size: int, language: str) -> str:
    """A size in kB or MB."""
    if size < 1_000_000:
        return f"{number(max(Decimal(size) / 1000, Decimal(1)), language)} kB"
    return f"{number(Decimal(size) / 1_000_000, language, 1)} MB"
