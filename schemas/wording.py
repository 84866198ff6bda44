"""Units, labels and reasons as they stand inside an English sentence."""

PROPER = ("Crohn", "Helicobacter", "Leber", "Lhermitte", "Romberg", "Sjögren")
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
# Why nothing can be said of how likely deficiency is.
REASONS = {
    "insufficient_data": "Too little is known to say anything",
    "uninterpretable": "There is a B12 result that cannot be relied on",
    "out_of_scope": "The rule set is for people of 16 and over",
}


def uncapitalized(text: str) -> str:
    """A label as it stands inside a sentence; abbreviations and names keep their capital."""
    if text.startswith(PROPER) or not text[1:2].islower():
        return text if not text.startswith("A ") else text[0].lower() + text[1:]
    return text[0].lower() + text[1:]


def capitalized(text: str) -> str:
    """A text as a sentence begins; what follows keeps its capitals."""
    return text[:1].upper() + text[1:]


def readable(text: str) -> str:
    """Units as people write them."""
    for sent, written in PRINTED_UNITS.items():
        text = text.replace(sent, written)
    return text


def short(label: str) -> str:
    """A label without what it explains in brackets."""
    return label.partition(" (")[0]
