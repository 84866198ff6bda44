"""What changed from one rule set to another, on the wire."""

from typing import Any

from marshmallow import Schema

from rules.differences import STEPS, Change, ChangedVignette, Difference, PanelDifference
from rules.differences.changes import KINDS
from schemas import wire

Part = dict[str, Any]


class ChangeSchema(Schema):
    """One thing that is not as it was."""

    part = wire.text("What kind of part it is: a rule, a finding, a disease, a cause, a source, a profile")
    id = wire.text("Name of the part")
    change = wire.word(KINDS, "Whether it was added, removed or changed")
    needs = wire.word(STEPS, "The least step of the version for it")
    says = wire.text("The change in one sentence")


class ChangedVignetteSchema(Schema):
    """A vignette of the first rule set that the other one answers otherwise."""

    id = wire.text("Name of the vignette")
    needs = wire.word(STEPS, "The least step of the version for it")
    says = wire.texts("What is otherwise: its level, its flags, its recommendations")


class VignettesSchema(Schema):
    """The whole patients of the first rule set, answered by both."""

    run = wire.whole_number("How many there are")
    changed = wire.many(ChangedVignetteSchema, "Those answered otherwise")


class LossSchema(Schema):
    """A row of the panel that loses something; what stands in the row is not repeated."""

    row = wire.whole_number("The line of the file, the first is 1")
    says = wire.texts("What it loses: a level that drops, a flag or recommendation that is gone")


class PanelSchema(Schema):
    """A list of patients answered by both rule sets."""

    patients = wire.whole_number("How many were read")
    changed = wire.whole_number("How many are answered otherwise")
    levels = wire.whole_number("How many have another level")
    flags = wire.whole_number("How many have other flags")
    recommendations = wire.whole_number("How many have other recommendations")
    losing = wire.many(LossSchema, "Those whose level drops or that lose a flag or a recommendation")
    unread = wire.whole_numbers("The lines that are no patient summary")


class DifferenceSchema(Schema):
    """What changed from one rule set to another, and which version number that takes."""

    from_ = wire.text("The version compared", data_key="from")
    to = wire.text("The version it is compared with")
    required = wire.word(STEPS, "The least step of the version that the changes take")
    taken = wire.word(STEPS, "The step that was taken; none when the other does not come after it")
    enough = wire.flag("Whether the step taken is at least the required one")
    reasons = wire.texts("What asks for the required step")
    changes = wire.many(ChangeSchema, "Every change")
    vignettes = wire.one(VignettesSchema, "The vignettes of the version compared, answered by both")


def render_difference(difference: Difference) -> Part:
    """Every change in plain words, with the vignettes that are answered otherwise."""
    return {
        "from": difference.before.manifest.version,
        "to": difference.after.manifest.version,
        "required": difference.required,
        "taken": difference.taken,
        "enough": difference.enough,
        "reasons": list(difference.reasons()),
        "changes": [_change(change) for change in difference.changes],
        "vignettes": {
            "run": difference.vignettes,
            "changed": [_vignette(vignette) for vignette in difference.changed_vignettes],
        },
    }


def render_panel(panel: PanelDifference) -> Part:
    """How many patients of a panel are answered otherwise, and the rows that lose something."""
    return {
        "patients": panel.patients,
        "changed": panel.changed,
        "levels": panel.levels,
        "flags": panel.flags,
        "recommendations": panel.recommendations,
        "losing": [{"row": loss.row, "says": list(loss.says)} for loss in panel.losing],
        "unread": list(panel.unread),
    }


def _change(change: Change) -> Part:
    return {"part": change.part, "id": change.id, "change": change.kind, "needs": change.needs, "says": change.says}


def _vignette(vignette: ChangedVignette) -> Part:
    return {"id": vignette.id, "needs": vignette.needs, "says": [shift.says for shift in vignette.shifts]}
