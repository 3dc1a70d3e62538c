"""Pages of the notebooks that ship, in either language: their own prose and code, told with a story made elsewhere."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

import nbformat

from helpers.tiny_project import STUDY, Project
from reachbook.engine import plan
from reachbook.engine.page import provenance, render
from reachbook.presentation.section import Section, Story
from reachbook.report import Report, Shown
from reachbook.study import Study
from reachbook.translation import Language, using

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
_SECTION = re.compile(r'report\.section\((?:story\["(\w+)"\]\)|(\w+)\()')
"""A section of the story, or one that a function of that name makes."""


def shipped_page(
    project: Project, notebook: str, language: Language, story: Story, made: Mapping[str, Section] | None = None
) -> str:
    """HTML of the page; no kernel runs: each cell that asks for a section shows that of `story`.

    The current folder must be the project's. The sections that a function of the notebook makes are `made`, by its
    name.
    """
    sections = {**story.sections, **(made or {})}
    content = json.loads((NOTEBOOKS / f"{notebook}.ipynb").read_text("utf-8"))
    project.study("tiny", STUDY.replace("seed: 7", f"seed: 7\nlanguage: {language}"))
    (job,) = plan.jobs(project.root)
    with using(language):
        folder = project.root / "made"
        report = Report(Study("tiny", Study.load("tiny").spec, {}, {}, folder, output=folder), notebook)
        told, cells = report.summary(story), []
        for source in content["cells"]:
            cell = nbformat.from_dict({**source, "outputs": []} if source["cell_type"] == "code" else source)
            text = "".join(source["source"])
            cell["source"] = text
            shown = [told] if "report.summary(" in text else []
            shown += [report.note(story.described)] if "report.note(story.described)" in text else []
            shown += [report.section(sections[own or other]) for own, other in _SECTION.findall(text)]
            if shown:
                cell["outputs"] = [_output(each) for each in shown]
            cells.append(cell)
        title = content["metadata"]["reachbook"]["title"]
        header = provenance.header({**job.inputs, "notebook": {**job.inputs["notebook"], "title": title}}, "0a1b2c")
    return render.page(nbformat.v4.new_notebook(cells=cells), report.result, header)


def _output(shown: Shown) -> nbformat.NotebookNode:
    return nbformat.v4.new_output("display_data", data=shown._repr_mimebundle_())
