"""The patient summary: what may be said, how it is read, and how it is refused."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from rules import catalogue
from rules.dates import Period
from rules.facts import Item
from rules.truth import Truth
from schemas import PatientSummarySchema, Refused, load_patient
from schemas.reading import is_proper_name
from tests.summaries import TODAY, accepted_at, document, load, refusals

CONTRACT = json.loads((Path(__file__).parent / "data" / "contract_summary.json").read_text(encoding="utf-8"))
LISTS = ("symptoms", "signs", "conditions", "procedures", "history", "medications")


def test_the_summary_of_the_contract_is_read_in_full() -> None:
    facts = load_patient(CONTRACT, today=date(2030, 1, 1)).facts
    assert (facts.age, facts.sex, facts.as_of) == (67, "female", TODAY)
    assert facts.results.keys() == {
        *("b12_total", "mcv", "mma", "b12_active", "homocysteine", "intrinsic_factor_antibody")
    }
    assert facts.presence("paresthesia") is Truth.TRUE
    assert facts.presence("impaired_vibration_sense") is Truth.FALSE
    assert facts.presence("numbness") is Truth.UNKNOWN
    assert facts.medicine("omeprazole") is Truth.TRUE
    assert facts.medicine("pregabalin") is Truth.FALSE
    assert facts.choice("diet") == "vegan"
    assert facts.statements["b12_supplement"] is False
    assert facts.statements["swollen_small"] == 3
    assert facts.items["joint_pain"][0] == Item("joint_pain", "symptoms[2]", sites=("knee", "mcp"), laterality="both")
    assert facts.items["metformin"][0] == Item(
        "metformin",
        "medications[1]",
        since=Period.parse("2018-05"),
        dose=Decimal(2000),
        dose_unit="mg/day",
    )


def test_age_and_sex_are_enough_and_everything_else_is_unknown() -> None:
    facts = load().facts
    assert (facts.results, facts.items, facts.statements, facts.medications_listed) == ({}, {}, {}, False)


@pytest.mark.parametrize("sent", [None, True, 54, "patient", [], [document()]])
def test_a_summary_is_an_object(sent: object) -> None:
    with pytest.raises(Refused) as refused:
        load_patient(sent, today=TODAY)
    assert [(problem.path, problem.message) for problem in refused.value.problems] == [("", "must be a JSON object")]


def test_an_empty_object_is_no_patient() -> None:
    assert refusals({}) == {"age": "is required", "sex": "is required"}


@pytest.mark.parametrize("age", [0, 16, 130])
def test_age_is_whole_years(age: int) -> None:
    assert load(age=age).facts.age == age


@pytest.mark.parametrize(
    "age", [-1, 131, 999, 54.0, Decimal("54.0"), 0.9, "54", True, [54], {"value": 54}, 10**4000, float("nan")]
)
def test_any_other_age_is_refused(age: object) -> None:
    assert refusals(age=age).keys() == {"age"}


@pytest.mark.parametrize("sex", ["female", "male", "other", "unknown"])
def test_sex_is_one_of_four_words(sex: str) -> None:
    assert load(sex=sex).facts.sex == sex


@pytest.mark.parametrize("sex", ["M", "Female", "male ", "", 1, True])
def test_any_other_sex_is_refused(sex: object) -> None:
    assert refusals(sex=sex).keys() == {"sex"}


@pytest.mark.parametrize("name", PatientSummarySchema().fields)
def test_null_is_never_a_value(name: str) -> None:
    assert refusals(**{"pregnant": True, name: None})[name] == "is null: leave out what is not known"


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ({"symptoms": [None]}, "symptoms[0]"),
        ({"symptoms": [{"code": None}]}, "symptoms[0].code"),
        ({"symptoms": [{"code": "fatigue", "present": None}]}, "symptoms[0].present"),
        ({"labs": [None]}, "labs[0]"),
        ({"labs": [{"test": "mcv", "value": None, "unit": "fL"}]}, "labs[0].value"),
        ({"diet": {"pattern": None}}, "diet.pattern"),
        ({"joints": {"symmetric": None}}, "joints.symmetric"),
    ],
)
def test_null_is_no_value_deeper_down_either(said: dict[str, Any], path: str) -> None:
    assert refusals(**said)[path] == "is null: leave out what is not known"


def test_every_statement_of_the_catalogue_has_its_field() -> None:
    schema = PatientSummarySchema()
    inside = {"diet": schema.fields["diet"].schema.fields, "joints": schema.fields["joints"].schema.fields}
    for fact in catalogue().groups["statements"].values():
        parent, _, name = fact.path.rpartition(".")
        assert name in (inside[parent] if parent else schema.fields), fact.path


class TestDays:
    def test_as_of_is_today_when_left_out(self) -> None:
        intake = load()
        assert intake.facts.as_of == intake.inputs.as_of == TODAY

    @pytest.mark.parametrize("as_of", ["2020-02-29", "2020-02-29T23:30:00-05:00"])
    def test_as_of_is_one_day(self, as_of: str) -> None:
        assert load(as_of=as_of).facts.as_of == date(2020, 2, 29)

    @pytest.mark.parametrize("as_of", ["2020", "2020-02", "2021-02-29", "29.02.2020", "today", "", 20200229])
    def test_as_of_is_nothing_else(self, as_of: object) -> None:
        assert refusals(as_of=as_of, symptoms=[{"code": "fatigue", "since": "2999"}]).keys() == {"as_of"}

    @pytest.mark.parametrize("since", ["2026", "2026-11", "2026-11-22", "2019", "2026-11-22T08:00:00Z"])
    def test_a_partial_date_may_reach_beyond_as_of(self, since: str) -> None:
        item = load(symptoms=[{"code": "fatigue", "since": since}]).facts.items["fatigue"][0]
        assert item.since == Period.parse(since)

    @pytest.mark.parametrize(
        ("said", "path"),
        [
            ({"symptoms": [{"code": "fatigue", "since": "2027"}]}, "symptoms[0].since"),
            ({"signs": [{"code": "pallor", "date": "2026-12"}]}, "signs[0].date"),
            ({"medications": [{"name": "metformin", "last_given": "2026-11-23"}]}, "medications[0].last_given"),
            ({"procedures": [{"code": "gastric_bypass", "date": "2026-11-23T00:00:00Z"}]}, "procedures[0].date"),
            ({"diet": {"pattern": "vegan", "since": "2027"}}, "diet.since"),
            ({"labs": [{"test": "mcv", "value": 90, "unit": "fL", "date": "2027-01-01"}]}, "labs[0].date"),
        ],
    )
    def test_no_date_is_after_as_of(self, said: dict[str, Any], path: str) -> None:
        assert refusals(**said) == {path: "must not be after as_of"}

    def test_the_day_sent_counts_not_today(self) -> None:
        assert "labs[0].date" in refusals(
            as_of="2020-01-01", labs=[{"test": "mcv", "value": 90, "unit": "fL", "date": "2021"}]
        )

    @pytest.mark.parametrize("name", ["until", "last_given"])
    def test_nothing_ends_before_it_begins(self, name: str) -> None:
        medicine = {"name": "metformin", "since": "2020", name: "2019"}
        assert refusals(medications=[medicine]) == {f"medications[0].{name}": "must not be before since"}
        assert refusals(medications=[{**medicine, name: "2020"}]) == {}


class TestPregnancy:
    @pytest.mark.parametrize(
        ("sex", "age", "stated"),
        [("male", 30, False), ("female", 60, False), ("other", 75, False), ("female", 59, None), ("unknown", 30, None)],
    )
    def test_left_out_it_is_false_for_men_and_from_60(self, sex: str, age: int, stated: bool | None) -> None:
        assert load(sex=sex, age=age).facts.statements.get("pregnant") is stated

    def test_what_is_said_counts(self) -> None:
        facts = load(pregnant=True, gestation_weeks=12.5).facts
        assert facts.statements == {"pregnant": True, "gestation_weeks": Decimal("12.5")}
        assert load(age=61, pregnant=True).facts.statements["pregnant"] is True

    @pytest.mark.parametrize(
        ("said", "path"),
        [
            ({"sex": "male", "pregnant": True}, "pregnant"),
            ({"pregnant": "yes"}, "pregnant"),
            ({"pregnant": 1}, "pregnant"),
            ({"gestation_weeks": 12}, "gestation_weeks"),
            ({"pregnant": False, "gestation_weeks": 12}, "gestation_weeks"),
            ({"pregnant": True, "gestation_weeks": 46}, "gestation_weeks"),
            ({"pregnant": True, "gestation_weeks": "12"}, "gestation_weeks"),
        ],
    )
    def test_what_cannot_be_is_refused(self, said: dict[str, Any], path: str) -> None:
        assert refusals(**said).keys() == {path}

    def test_a_man_is_not_pregnant(self) -> None:
        assert load(sex="male", pregnant=False).facts.statements == {"pregnant": False}


class TestEntries:
    @pytest.mark.parametrize("name", LISTS)
    def test_a_code_says_that_it_is_there(self, name: str) -> None:
        code = next(iter(catalogue().groups[name]))
        assert load(**{name: [code]}).facts.items[code] == (Item(code, f"{name}[0]"),)

    @pytest.mark.parametrize("name", LISTS)
    def test_an_object_can_say_no(self, name: str) -> None:
        code = next(iter(catalogue().groups[name]))
        naming = "name" if name == "medications" else "code"
        facts = load(**{name: [{naming: code, "present": False}]}).facts
        assert facts.presence(code) is Truth.FALSE

    @pytest.mark.parametrize("name", LISTS)
    @pytest.mark.parametrize("sent", ["fatigue", {"fatigue": True}, 1, True])
    def test_a_list_is_a_list(self, name: str, sent: object) -> None:
        assert refusals(**{name: sent}) == {name: "must be a list"}

    @pytest.mark.parametrize("entry", [["fatigue"], 1, True])
    def test_an_entry_is_a_name_or_an_object(self, entry: object) -> None:
        assert refusals(symptoms=[entry]) == {"symptoms[0]": "must be a name or an object"}

    def test_british_spellings_and_synonyms_are_aliases(self) -> None:
        items = load(symptoms=["dyspnoea", "tingling"], signs=["oedema"], history=["nitrous_oxide"]).facts.items
        assert items.keys() == {"dyspnea", "paresthesia", "edema", "nitrous_oxide_recreational"}

    @pytest.mark.parametrize("code", ["Fatigue", "fatigue ", " fatigue", "FATIGUE", "fati gue", ""])
    def test_codes_of_closed_lists_are_exact(self, code: str) -> None:
        assert refusals(symptoms=[code]).keys() == {"symptoms[0]"}

    def test_what_can_be_told_of_a_symptom(self) -> None:
        said = {
            "code": "numbness",
            "since": "2024",
            "until": "2025-06",
            "date": "2025",
            "course": "worsening",
            "sites": ["foot", "hand", "foot"],
            "laterality": "both",
        }
        assert load(symptoms=[said]).facts.items["numbness"] == (
            Item(
                *("numbness", "symptoms[0]"),
                since=Period.parse("2024"),
                until=Period.parse("2025-06"),
                date=Period.parse("2025"),
                course="worsening",
                sites=("foot", "hand"),
                laterality="both",
            ),
        )

    def test_what_can_be_told_of_a_medicine(self) -> None:
        said = {
            "name": "hydroxocobalamin",
            "dose": 1,
            "unit": "mg",
            "route": "im",
            "since": "2025",
            "until": "2026",
            "last_given": "2026-10-01",
        }
        assert load(medications=[said]).facts.items["hydroxocobalamin"] == (
            Item(
                *("hydroxocobalamin", "medications[0]"),
                since=Period.parse("2025"),
                until=Period.parse("2026"),
                dose=Decimal(1),
                dose_unit="mg",
                route="im",
                last_given=Period.parse("2026-10-01"),
            ),
        )

    @pytest.mark.parametrize(
        ("name", "entry"),
        [
            ("symptoms", {"code": "fatigue", "dose": 1}),
            ("symptoms", {"code": "fatigue", "sites": ["knee"]}),
            ("signs", {"code": "pallor", "severity": 3}),
            ("conditions", {"name": "gout"}),
            ("conditions", {"code": "dementia", "sites": ["knee"]}),
            ("procedures", {"code": "gastric_bypass", "course": "stable"}),
            ("procedures", {"code": "gastric_bypass", "since": "2017"}),
            ("history", {"code": "smoking", "route": "inhaled"}),
            ("medications", {"code": "metformin"}),
            ("medications", {"name": "metformin", "sites": ["knee"]}),
            ("medications", {"name": "metformin", "date": "2020"}),
        ],
    )
    def test_a_field_that_does_not_fit_does_not_exist(self, name: str, entry: dict[str, Any]) -> None:
        assert refusals(**{name: [entry]})[f"{name}[0]"].startswith("has a field that does not exist here")

    @pytest.mark.parametrize(
        ("entry", "path"),
        [
            ({"code": "joint_pain", "sites": ["kneecap"]}, "symptoms[0].sites[0]"),
            ({"code": "joint_pain", "sites": "knee"}, "symptoms[0].sites"),
            ({"code": "joint_pain", "laterality": "bilateral"}, "symptoms[0].laterality"),
            ({"code": "joint_pain", "course": "better"}, "symptoms[0].course"),
            ({"code": "joint_pain", "since": "March"}, "symptoms[0].since"),
            ({"code": "joint_pain", "since": 2019}, "symptoms[0].since"),
            ({"code": "joint_pain", "present": "no"}, "symptoms[0].present"),
            ({"present": False}, "symptoms[0].code"),
        ],
    )
    def test_a_wrong_part_is_named(self, entry: dict[str, Any], path: str) -> None:
        assert refusals(symptoms=[entry]).keys() == {path}

    @pytest.mark.parametrize("place", [{"sites": ["knee"]}, {"laterality": "left"}])
    def test_what_is_absent_has_no_place(self, place: dict[str, Any]) -> None:
        entry = {"code": "joint_swelling", "present": False, **place}
        assert refusals(symptoms=[entry]) == {
            f"symptoms[0].{next(iter(place))}": "must be left out: what is absent is absent everywhere"
        }

    def test_present_and_absent_at_once_is_a_contradiction(self) -> None:
        said = ["tiredness", "headache", {"code": "fatigue", "present": False}]
        assert refusals(symptoms=said) == {
            "symptoms[2]": "contradicts symptoms[0]: the same is said to be present and absent"
        }

    def test_the_same_said_twice_counts_once(self) -> None:
        items = load(symptoms=["fatigue", {"code": "tiredness"}, {"code": "fatigue", "since": "2020"}]).facts.items
        assert [item.since for item in items["fatigue"]] == [None, Period.parse("2020")]

    @pytest.mark.parametrize(
        ("dose", "path"),
        [
            ({"dose": 500}, "unit"),
            ({"unit": "mg"}, "dose"),
            ({"dose": 0, "unit": "mg"}, "dose"),
            ({"dose": -1, "unit": "mg"}, "dose"),
            ({"dose": 10**8, "unit": "mg"}, "dose"),
            ({"dose": "500", "unit": "mg"}, "dose"),
            ({"dose": 500, "unit": "mg/fortnight"}, "unit"),
            ({"dose": 500, "unit": "MG"}, "unit"),
            ({"dose": 500, "unit": "stone/day"}, "unit"),
            ({"dose": 500, "unit": 1}, "unit"),
            ({"route": "intravenous"}, "route"),
        ],
    )
    def test_a_dose_has_a_number_and_a_unit(self, dose: dict[str, Any], path: str) -> None:
        assert refusals(medications=[{"name": "metformin", **dose}]).keys() == {f"medications[0].{path}"}

    @pytest.mark.parametrize(
        ("sent", "read"),
        [("mcg/day", "ug/day"), ("µg", "ug"), ("μg/d", "ug/day"), ("mg/wk", "mg/week"), ("IU", "[IU]")],
    )
    def test_a_unit_of_a_dose_has_one_spelling_inside(self, sent: str, read: str) -> None:
        medicine = {"name": "cyanocobalamin", "dose": Decimal("0.5"), "unit": sent}
        item = load(medications=[medicine]).facts.items["cyanocobalamin"][0]
        assert (item.dose, item.dose_unit) == (Decimal("0.5"), read)

    def test_a_medicine_we_do_not_know_may_have_any_unit(self) -> None:
        assert refusals(medications=[{"name": "enoxaparin", "dose": 40, "unit": "anti-Xa mg"}]) == {}


class TestMedicationList:
    def test_sent_it_is_the_whole_list(self) -> None:
        facts = load(medications=[]).facts
        assert facts.medications_listed
        assert facts.medicine("metformin") is Truth.FALSE

    def test_left_out_nothing_is_known(self) -> None:
        assert load().facts.medicine("metformin") is Truth.UNKNOWN

    @pytest.mark.parametrize("name", ["metformin", "Metformin", "METFORMIN", "Glucophage", " metformin "])
    def test_letter_case_and_brands_do_not_matter(self, name: str) -> None:
        assert load(medications=[name]).facts.items.keys() == {"metformin"}

    def test_listed_twice_counts_once(self) -> None:
        intake = load(medications=["metformin", "Metformin"])
        assert len(intake.facts.items["metformin"]) == 1
        repeated = next(sent for sent in intake.inputs.sent if sent.path == "medications[1]")
        assert repeated.set_aside == "repeats medications[0]"


class TestNames:
    @pytest.mark.parametrize("name", ["medications", "conditions", "procedures"])
    def test_open_lists_accept_what_they_do_not_know(self, name: str) -> None:
        intake = load(**{name: ["Xylophonin (5%) & co., 1/2 'forte' +C-D"]})
        assert intake.facts.items == {}
        [(path, unknown)] = intake.inputs.unrecognized
        assert (path, unknown.name) == (f"{name}[0]", "Xylophonin (5%) & co., 1/2 'forte' +C-D")

    @pytest.mark.parametrize(
        "name", ["", "   ", "???", "123", "a" * 121, "<b>x</b>", "x\n", "x\u0000", "a;b", "\ud83d"]
    )
    def test_such_names_are_names(self, name: str) -> None:
        assert refusals(medications=[name]).keys() == {"medications[0]"}
        assert refusals(conditions=[{"code": name}]).keys() == {"conditions[0].code"}

    @pytest.mark.parametrize("name", ["метформин", "二甲双胍", "Sjögren-Syndrom", "a" * 120, "lung_fibrosis", "B₁₂"])
    def test_letters_of_every_script_are_letters(self, name: str) -> None:
        assert refusals(medications=[name]) == {}

    def test_every_name_of_the_open_lists_is_a_proper_name(self) -> None:
        for group in ("medications", "conditions", "procedures"):
            for fact in catalogue().groups[group].values():
                assert all(is_proper_name(name) for name in (fact.code, *fact.aliases))

    @pytest.mark.parametrize(
        ("name", "near"),
        [("metfromin", "metformin"), ("Metformin 500 mg tablet", "metformin"), ("omeprazol", "omeprazole")],
    )
    def test_what_is_close_is_suggested(self, name: str, near: str) -> None:
        [(_, unknown)] = load(medications=[name]).inputs.unrecognized
        assert near in unknown.did_you_mean
        assert len(unknown.did_you_mean) <= 5

    @pytest.mark.parametrize(
        ("said", "path", "near"),
        [
            ({"symptoms": ["chest pain"]}, "symptoms[0]", "chest_pain"),
            ({"symptoms": [{"code": "fatige"}]}, "symptoms[0].code", "fatigue"),
            ({"signs": ["glositis"]}, "signs[0]", "glossitis"),
            ({"history": ["smokin"]}, "history[0]", "smoking"),
            ({"labs": [{"test": "b12_totl", "interpretation": "low"}]}, "labs[0].test", "b12_total"),
        ],
    )
    def test_an_unknown_name_of_a_closed_list_is_refused_with_near_ones(
        self, said: dict[str, Any], path: str, near: str
    ) -> None:
        message = refusals(**said)[path]
        assert message.startswith("is not a known")
        assert near in message.partition("did you mean")[2]
        assert near in accepted_at(path, **said)

    @pytest.mark.parametrize("said", [{"labs": [{"test": "zzzz", "value": 1, "unit": "g/L"}]}, {"symptoms": ["zzzz"]}])
    def test_an_unknown_name_with_none_near_is_told_where_they_are_listed(self, said: dict[str, Any]) -> None:
        [message] = refusals(**said).values()
        assert message.startswith("is not a known")
        assert message.endswith(": GET /v1/facts lists them")

    def test_a_short_list_is_given_whole(self) -> None:
        assert accepted_at("diet", diet="keto") == ["omnivore", "vegetarian", "vegan", "restricted"]
        sites = accepted_at("symptoms[0].sites[0]", symptoms=[{"code": "joint_pain", "sites": ["jaw"]}])
        assert sites == list(catalogue().sites)

    def test_a_name_in_the_wrong_list_is_told_its_place(self) -> None:
        assert refusals(symptoms=["glossitis"]) == {"symptoms[0]": "is not a known symptom: it belongs in signs"}
        intake = load(conditions=["gastric bypass"])
        assert [(caution.path, caution.message) for caution in intake.inputs.warnings] == [
            ("conditions[0]", "belongs in procedures")
        ]


class TestReportedNames:
    def test_unknown_names_are_left_out_and_listed(self) -> None:
        intake = load(
            report_unknown=True,
            symptoms=["fatige", "headache", {"code": "joint_pain", "sites": ["kneecap", "hip"]}],
            signs=[{"code": "cold hands"}],
            history=["smokin"],
            diet={"pattern": "keto", "b12_supplement": True},
            labs=[
                {"test": "b13", "value": 1, "unit": "ng/L"},
                {"loinc": "1-8", "value": 1, "unit": "ng/L"},
                {"test": "b12_total", "value": 142, "unit": "ng/mL"},
                {"test": "mcv", "value": 90, "unit": "fL"},
            ],
            medications=[{"name": "metformin", "dose": 2, "unit": "stone"}],
        )
        found = {path: (unknown.name, unknown.did_you_mean) for path, unknown in intake.inputs.unrecognized}
        assert found == {
            "labs[0].test": ("b13", ()),
            "labs[1].loinc": ("1-8", ()),
            "labs[2].unit": ("ng/mL", ("ng/L", "pg/mL")),
            "symptoms[0]": ("fatige", ("fatigue",)),
            "symptoms[2].sites[0]": ("kneecap", ("knee",)),
            "signs[0].code": ("cold hands", ()),
            "history[0]": ("smokin", ("smoking",)),
            "medications[0].unit": ("stone", ()),
            "diet.pattern": ("keto", ()),
        }
        assert intake.facts.items.keys() == {"headache", "joint_pain", "metformin"}
        assert intake.facts.items["joint_pain"][0].sites == ("hip",)
        assert intake.facts.items["metformin"][0].dose is None
        assert intake.facts.results.keys() == {"mcv"}
        assert intake.facts.statements == {"b12_supplement": True}

    def test_a_plain_diet_too(self) -> None:
        intake = load(report_unknown=True, diet="keto")
        assert [path for path, _ in intake.inputs.unrecognized] == ["diet"]

    @pytest.mark.parametrize("name", ["<script>", "", "a\nb", "x" * 121, "!!!"])
    def test_what_is_no_name_is_refused_all_the_same(self, name: str) -> None:
        assert refusals(report_unknown=True, symptoms=[name]).keys() == {"symptoms[0]"}
        lab = {"test": "b12_total", "value": 142, "unit": name}
        assert refusals(report_unknown=True, labs=[lab]).keys() == {"labs[0].unit"}

    def test_everything_else_stays_as_strict(self) -> None:
        assert refusals(report_unknown=True, lab=[], labs=[{"test": "b13", "vlaue": 1}]).keys() == {"", "labs[0]"}


class TestDietAndJoints:
    def test_a_diet_may_be_one_word(self) -> None:
        assert load(diet="vegan").facts.statements == {"diet": "vegan"}

    def test_or_say_more(self) -> None:
        diet = {"pattern": "vegetarian", "since": "2019", "fortified_foods": True, "b12_supplement": False}
        assert load(diet=diet).facts.statements == {
            "diet": "vegetarian",
            "fortified_foods": True,
            "b12_supplement": False,
        }
        assert load(diet={"b12_supplement": True}).facts.statements == {"b12_supplement": True}
        assert load(diet={}).facts.statements == {}

    @pytest.mark.parametrize(
        ("diet", "path"),
        [
            ("Vegan", "diet"),
            (["vegan"], "diet"),
            (True, "diet"),
            ({"pattern": "paleo"}, "diet.pattern"),
            ({"since": "2019"}, "diet.since"),
            ({"b12_supplement": "no"}, "diet.b12_supplement"),
            ({"meat": False}, "diet"),
        ],
    )
    def test_nothing_else(self, diet: object, path: str) -> None:
        assert refusals(diet=diet).keys() == {path}

    @pytest.mark.parametrize(
        ("joints", "path"),
        [
            ([], "joints"),
            ({"swollen_small": 31}, "joints.swollen_small"),
            ({"swollen_small": -1}, "joints.swollen_small"),
            ({"swollen_small": 2.0}, "joints.swollen_small"),
            ({"tender_large": "3"}, "joints.tender_large"),
            ({"morning_stiffness_minutes": 1441}, "joints.morning_stiffness_minutes"),
            ({"morning_stiffness_minutes": True}, "joints.morning_stiffness_minutes"),
            ({"duration_weeks": -1}, "joints.duration_weeks"),
            ({"symmetric": "yes"}, "joints.symmetric"),
            ({"swollen": 3}, "joints"),
        ],
    )
    def test_joint_facts_are_counts_durations_and_yes_or_no(self, joints: object, path: str) -> None:
        assert refusals(joints=joints).keys() == {path}

    def test_durations_may_be_fractions(self) -> None:
        joints = {"duration_weeks": 0.5, "morning_stiffness_minutes": Decimal("7.5"), "swollen_small": 0}
        assert load(joints=joints).facts.statements == {
            "duration_weeks": Decimal("0.5"),
            "morning_stiffness_minutes": Decimal("7.5"),
            "swollen_small": 0,
        }


class TestLimits:
    @pytest.mark.parametrize("name", LISTS)
    def test_two_hundred_entries_of_a_list(self, name: str) -> None:
        code = next(iter(catalogue().groups[name]))
        assert refusals(**{name: [code] * 200}) == {}
        assert refusals(**{name: [code] * 201}) == {name: "has more than 200 entries"}

    def test_five_hundred_results(self) -> None:
        lab = {"test": "mcv", "value": 90, "unit": "fL"}
        assert refusals(labs=[lab] * 500) == {}
        assert refusals(labs=[lab] * 501) == {"labs": "has more than 500 entries"}

    def test_two_hundred_sites(self) -> None:
        assert refusals(symptoms=[{"code": "joint_pain", "sites": ["knee"] * 201}]).keys() == {"symptoms[0].sites"}

    @pytest.mark.parametrize(
        ("said", "path"),
        [
            ({"sex": "m" * 201}, "sex"),
            ({"symptoms": ["a" * 201]}, "symptoms[0]"),
            ({"medications": ["a" * 201]}, "medications[0]"),
            ({"labs": [{"test": "mcv", "value": "<" + "9" * 201, "unit": "fL"}]}, "labs[0].value"),
            ({"labs": [{"test": "mcv", "value": 90, "unit": "f" * 201}]}, "labs[0].unit"),
        ],
    )
    def test_two_hundred_characters_of_a_text(self, said: dict[str, Any], path: str) -> None:
        assert refusals(**said) == {path: "is longer than 200 characters"}


class TestProblems:
    def test_all_are_told_at_once_in_the_order_of_the_document(self) -> None:
        sent = {
            "symptoms": ["chest_pain", 1, "fatige"],
            "ag": 54,
            "sex": "man",
            "labs": [{"test": "mcv", "value": 90}, {"test": "mcv", "value": 9, "unit": "fL", "vlaue": 1}],
            "pregnant": "no",
        }
        assert list(refusals(sent)) == [
            *("", "symptoms[1]", "symptoms[2]", "sex", "labs[0].unit", "labs[1]", "labs[1].value"),
            *("pregnant", "age"),
        ]

    def test_twenty_are_enough(self) -> None:
        with pytest.raises(Refused) as refused:
            load(symptoms=[1] * 200)
        assert [problem.path for problem in refused.value.problems] == [f"symptoms[{place}]" for place in range(20)]

    def test_unknown_fields_are_told_at_their_parent_with_the_names_there_are(self) -> None:
        with pytest.raises(Refused) as refused:
            load(lab=[], synptoms=[], zzz=1, **{"": 1, "_schema": 2})
        [problem] = refused.value.problems
        assert problem.path == ""
        assert problem.message == "has a field that does not exist here; did you mean labs or symptoms?"
        assert list(problem.accepted) == list(PatientSummarySchema().fields)

    def test_a_flood_of_unknown_fields_is_one_problem(self) -> None:
        assert refusals({f"k{number}": 1 for number in range(3000)} | document()).keys() == {""}

    def test_the_exception_itself_says_nothing_of_the_patient(self) -> None:
        with pytest.raises(Refused) as refused:
            load(sex="secret")
        assert str(refused.value) == "1 problems"
        assert refused.value.__cause__ is None
