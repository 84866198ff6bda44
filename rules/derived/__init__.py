"""Facts computed from other facts: pure functions, unknown in, unknown out, each listed in the catalogue."""

from collections.abc import Callable, Mapping

from rules.derived.biotin import biotin_over_5_mg_a_day
from rules.derived.blood import anemia
from rules.derived.confusion import new_or_worsening_confusion
from rules.derived.joints import (
    girdle_pain,
    joint_complaint_months,
    joint_swelling_known,
    several_swollen_joints,
    small_joint_pain,
    small_joint_swelling,
    symmetric_joints,
    weight_bearing_joint_pain,
)
from rules.derived.one_sided import (
    longstanding_weakness_or_numbness,
    new_one_sided_weakness_or_numbness,
    new_weakness_or_numbness,
    one_sided_weakness_or_numbness,
)
from rules.derived.ra_score import acr_eular_score
from rules.derived.samples import b12_sample_months, b12_treatment_before_mma_sample, b12_treatment_before_sample
from rules.derived.sphincters import longstanding_stable_sphincter_symptom, recent_or_worsening_sphincter_symptom
from rules.derived.treatment import (
    acid_suppressant_months,
    b12_by_injection,
    injection_within_two_weeks,
    metformin_months,
    nitrous_oxide_exposure,
    on_b12_treatment,
)
from rules.facts import Facts
from rules.quantities import Interval
from rules.truth import Truth

DERIVED: Mapping[str, Callable[[Facts], Truth]] = {
    function.__name__: function
    for function in (
        anemia,
        b12_by_injection,
        b12_treatment_before_mma_sample,
        b12_treatment_before_sample,
        biotin_over_5_mg_a_day,
        girdle_pain,
        injection_within_two_weeks,
        joint_swelling_known,
        longstanding_stable_sphincter_symptom,
        longstanding_weakness_or_numbness,
        new_one_sided_weakness_or_numbness,
        new_or_worsening_confusion,
        new_weakness_or_numbness,
        nitrous_oxide_exposure,
        on_b12_treatment,
        one_sided_weakness_or_numbness,
        recent_or_worsening_sphincter_symptom,
        several_swollen_joints,
        small_joint_pain,
        small_joint_swelling,
        symmetric_joints,
        weight_bearing_joint_pain,
    )
}
DERIVED_NUMBERS: Mapping[str, Callable[[Facts], Interval | None]] = {
    function.__name__: function
    for function in (
        acid_suppressant_months,
        acr_eular_score,
        b12_sample_months,
        joint_complaint_months,
        metformin_months,
    )
}
