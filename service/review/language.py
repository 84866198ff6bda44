"""Small numbers as they stand inside an English sentence."""

NUMBERS = ("no", "one", "two", "three", "four", "five", "six")


def count(number: int) -> str:
    """A small number in letters."""
    return NUMBERS[number] if number < len(NUMBERS) else str(number)
