"""`python -m tests.papers`: write the pages of `docs/safety` anew."""

from tests.papers.reading import PAPERS
from tests.papers.writing import PAGES

for name, page in PAGES.items():
    (PAPERS / f"{name}.md").write_text(page(), encoding="utf-8")
