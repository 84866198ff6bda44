"""Units, short labels and small numbers as they stand inside an English sentence."""

NUMBERS = ("no", "one", "two", "three", "four", "five", "six")
PRINTED_UNITS = {
    "{1.73_m2}": "1.73 m²",
    "10*9/": "10⁹/",
    "10*3/": "10³/",
    "[IU]": "IU",
    "{ratio}": "as a ratio",
    " umol/": " µmol/",
    " ug/": " µg/",
    "/uL": "/µL",
}


def readable(text: str) -> str:
    """Units as people write them."""
    for sent, written in PRINTED_UNITS.items():
        text = text.replace(sent, written)
    return text


def short(label: str) -> str:
    """A label without what it explains in brackets."""
    return label.partition(" (")[0]


def count(number: int) -> str:
    """A small number in letters."""
    return NUMBERS[number] if number < len(NUMBERS) else str(number)
