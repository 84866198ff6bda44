"""Units of a dose: an amount, alone or by the hour, day, week or month."""

AMOUNTS = {
    "ug": ("mcg", "µg", "μg", "microgram", "micrograms"),
    "mg": ("milligram", "milligrams"),
    "g": ("gram", "grams"),
    "ng": (),
    "[IU]": ("IU", "iu", "[iU]"),
    "U": ("unit", "units"),
    "mL": ("ml",),
    "mmol": (),
    "meq": ("mEq",),
    "tablet": ("tablets",),
    "capsule": ("capsules",),
    "drop": ("drops",),
    "puff": ("puffs",),
    "spray": ("sprays",),
    "patch": ("patches",),
    "injection": ("injections",),
    "ampoule": ("ampoules",),
    "sachet": ("sachets",),
}
PERIODS = {
    "day": ("d", "24h", "24 h"),
    "week": ("wk",),
    "month": ("mo",),
    "hour": ("h", "hr"),
    "dose": (),
}
COMMON_DOSE_UNITS = ("ug", "mg", "g", "[IU]", "mL", "ug/day", "mg/day", "g/day", "ug/week", "ug/month")

_AMOUNT_NAMES = {name: unit for unit, others in AMOUNTS.items() for name in (unit, *others)}
_PERIOD_NAMES = {name: period for period, others in PERIODS.items() for name in (period, *others)}


def canonical_dose_unit(text: str) -> str | None:
    """The one spelling of a dose unit, such as `ug/day` for `mcg/d`; none for a unit that is not known."""
    name, slash, period_name = text.partition("/")
    amount, period = _AMOUNT_NAMES.get(name), _PERIOD_NAMES.get(period_name)
    if amount is None or (slash and period is None):
        return None
    return f"{amount}/{period}" if period else amount
