"""Labels as they stand inside an English sentence."""

PROPER = ("Crohn", "Helicobacter", "Leber", "Lhermitte", "Romberg", "Sjögren")


def uncapitalized(text: str) -> str:
    """A label as it stands inside a sentence; abbreviations and names keep their capital."""
    if text.startswith(PROPER) or not text[1:2].islower():
        return text if not text.startswith("A ") else text[0].lower() + text[1:]
    return text[0].lower() + text[1:]
