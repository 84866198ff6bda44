"""The shapes on the wire: patient summaries in, assessments, knowledge and problems out."""

from schemas.assessment import AssessmentSchema
from schemas.batch import RowSchema
from schemas.comparison import ComparisonSchema, render_comparison
from schemas.difference import DifferenceSchema, PanelSchema, render_difference, render_panel
from schemas.intake import Inputs, Intake
from schemas.knowledge.catalogue import CatalogueSchema, render_catalogue
from schemas.knowledge.rule import RuleSchema, render_rule
from schemas.knowledge.rule_sets import (
    ProfilesSchema,
    RuleSetSchema,
    RuleSetsSchema,
    render_profiles,
    render_rule_set,
    render_rule_sets,
)
from schemas.knowledge.source import SourceSchema, render_source
from schemas.patient import PatientSummarySchema, load_patient
from schemas.problem import Problem, Refused, near_names
from schemas.problem_document import LackSchema, ProblemSchema
from schemas.render import render
from schemas.written import write

__all__ = [
    "AssessmentSchema",
    "CatalogueSchema",
    "ComparisonSchema",
    "DifferenceSchema",
    "Inputs",
    "Intake",
    "LackSchema",
    "PanelSchema",
    "PatientSummarySchema",
    "Problem",
    "ProblemSchema",
    "ProfilesSchema",
    "Refused",
    "RowSchema",
    "RuleSchema",
    "RuleSetSchema",
    "RuleSetsSchema",
    "SourceSchema",
    "load_patient",
    "near_names",
    "render",
    "render_catalogue",
    "render_comparison",
    "render_difference",
    "render_panel",
    "render_profiles",
    "render_rule",
    "render_rule_set",
    "render_rule_sets",
    "render_source",
    "write",
]
