"""The pages of `docs/safety`, written from the data so that the two never say different things."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from tests.papers.asvs import asvs_answers
from tests.papers.card import card
from tests.papers.reading import Entry, controls_of, read_paper

HEAD = (
    "Written by `python -m tests.papers` from `{name}.yaml` and compared by the tests. Review status: **{review}**.\n"
)


def hazards_page() -> str:
    """The hazard log."""
    paper = read_paper("hazards")
    parts = [f"# Hazard log\n\n{_head('hazards', paper)}\n{_severities(paper)}"]
    parts += [_hazard(name, entry) for name, entry in paper["hazards"].items()]
    return "\n".join(parts)


def _severities(paper: Entry) -> str:
    return (
        "Severity is the worst credible harm, in the words of the NHS standards for clinical risk management "
        f"({paper['severity_words_from']}). No likelihood is given: none has been measured, and a clinical safety "
        "officer has to judge it where the service is used.\n"
    )


def _hazard(name: str, entry: Entry) -> str:
    causes = ", ".join(entry["causes"])
    said = f"{entry['hazard']}\n\n**Harm** ({entry['severity']}): {entry['harm']} **Causes**: {causes}."
    return f"## {_title(name)}\n\n{said}\n\n{_controls(entry)}\n\n**Left**: {entry['left']}\n"


def threats_page() -> str:
    """The threat model."""
    paper = read_paper("threats")
    lists = "\n".join(
        _definitions(title, paper[key]) for key, title in (("protected", "Protected"), ("boundaries", "Boundaries"))
    )
    threats = "\n".join(_threat(name, entry) for name, entry in paper["threats"].items())
    return f"# Threat model\n\n{_head('threats', paper)}\n{lists}\n{threats}"


def _threat(name: str, entry: Entry) -> str:
    said = f"{entry['threat']} **By**: {entry['by']}."
    return f"## {_title(name)}\n\n{said}\n\n{_controls(entry)}\n\n**Left**: {entry['left']}\n"


def _definitions(title: str, terms: Mapping[str, str]) -> str:
    lines = "\n".join(f"- **{term}**: {meaning}" for term, meaning in terms.items())
    return f"## {title}\n\n{lines}\n"


def _head(name: str, paper: Entry) -> str:
    return HEAD.format(name=name, review=paper["review"])


def _title(name: str) -> str:
    return name.replace("-", " ").capitalize()


def _controls(entry: Entry) -> str:
    return "\n".join(f"- {control['what']} {_shown_by(control)}" for control in controls_of(entry))


def _shown_by(control: Entry) -> str:
    shown = [*_listed("Tests", control.get("tests", ())), *_listed("Patients", control.get("patients", ()))]
    return " ".join(shown)


def _listed(word: str, names: Iterable[str]) -> Iterator[str]:
    listed = ", ".join(f"`{name}`" for name in names)
    if listed:
        yield f"{word}: {listed}."


def safety_case_page() -> str:
    """The safety case."""
    paper = read_paper("safety-case")
    claims = "\n".join(_claim(name, entry) for name, entry in paper["claims"].items())
    return f"# Safety case\n\n{_head('safety-case', paper)}\n**Claim**: {paper['top']}\n\n{claims}"


def _claim(name: str, entry: Entry) -> str:
    answered = ", ".join(f"[{_title(hazard).lower()}](hazards.md#{hazard})" for hazard in entry["hazards"])
    evidence = f"**Hazards answered**: {answered}. {_shown_by(entry)}"
    return f"## {_title(name)}\n\n{entry['claim']}\n\n{evidence}\n\n**Doubt**: {entry['doubt']}\n"


def owasp_page() -> str:
    """How the ten risks of OWASP for APIs are answered."""
    paper = read_paper("owasp-api")
    head = "| Risk | Answer | Tests |\n|---|---|---|\n"
    rows = (f"| {risk} | {entry['answer']} | {_tests(entry)} |\n" for risk, entry in paper["risks"].items())
    return f"# OWASP API Security Top 10 (2023)\n\n{_head('owasp-api', paper)}\n{head}{''.join(rows)}"


def _tests(entry: Entry) -> str:
    return "<br>".join(f"`{name}`" for name in entry["tests"])


def asvs_page() -> str:
    """How the requirements of OWASP for applications are answered."""
    paper = read_paper("asvs")
    return f"# OWASP ASVS 5.0.0\n\n{_head('asvs', paper)}\n{asvs_answers(paper)}"


PAGES: Mapping[str, Callable[[], str]] = {
    "hazards": hazards_page,
    "threats": threats_page,
    "safety-case": safety_case_page,
    "rule-set-card": card,
    "owasp-api": owasp_page,
    "asvs": asvs_page,
}
