"""The page of the tiny project in each language, with everything that a page can show; no kernel is started."""

from typing import Any

import nbformat
import pandas as pd
from matplotlib import figure as mpl

from helpers.tiny_project import STUDY, Project
from reachbook.engine import plan
from reachbook.engine.page import provenance, render
from reachbook.presentation import style
from reachbook.presentation.cards import Card, Cards, Comparison, Topic
from reachbook.presentation.section import Figure, Section, Story, Table
from reachbook.report import Report, Shown
from reachbook.result import Finding
from reachbook.study import Study
from reachbook.translation import Language, using
from reachbook.verdict import Gate

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "decision": "Move ¥81,000 a week from weibo and wechat to douyin; expect +¥24,000 a week [¥4,000, ¥38,000]. "
        "Take it back if the next lift test brings less than ¥1.20 a yuan, and ask again in four weeks.",
        "ground": "The holdout of eight weeks was forecast within its interval.",
        "prose": "A lift is read beside its counterfactual. `A lift` in code is code.",
        "figure": "Spend by channel. Weekly, now and planned.",
        "gate": "The forecast of the last eight weeks holds (7 of 8 weeks; at least 6).",
        "failed": "Only 9 weeks of spend are known (at least 26). Enter earlier weeks in media.csv.",
        "label": "Gain a week",
        "roi": "Return of the next yuan",
        "share": "Share of douyin",
        "people": "People reached",
        "first": "Where the money goes",
        "second": "Every week",
        "third": "Few rows",
        "title": "Tiny",
        "asked": "How should we spend?",
        "notice": "Simulated data, nothing here is real.",
        "all": "all segments",
        "cards": "night readers, morning buyers, rare viewers",
        "topic": "hours",
        "otherwise": "much like the others",
    },
    "zh": {
        "decision": "每周把 ¥81,000 从微博和微信移到抖音，预计每周多 ¥24,000 [4,000, 38,000]。下次增量测试若"
        "每元带来不到 ¥1.20，就移回来；四周后再看一次。",
        "ground": "留出期八周的预测都落在区间内。",
        "prose": "提升要与反事实对照着看。`提升` 在代码里仍是代码。",
        "figure": "各渠道花费。每周，现在与计划。",
        "gate": "最近八周的预测成立（8 周中有 7 周；至少 6 周）。",
        "failed": "只有 9 周的花费数据（至少 26 周）。请在 media.csv 中补上更早的周。",
        "label": "每周增益",
        "roi": "再花一元的回报",
        "share": "抖音占比",
        "people": "触达人数",
        "first": "钱花在哪里",
        "second": "每一周",
        "third": "短表",
        "title": "小店",
        "asked": "预算怎么花？",
        "notice": "模拟数据，并非真实。",
        "all": "全部人群",
        "cards": "夜间读者, 早间买家, 低频浏览用户",
        "topic": "时段",
        "otherwise": "与其他人相近",
    },
}


def told_page(project: Project, language: Language, refused: bool = False) -> str:
    """HTML of the page; the current folder must be the project's."""
    words = WORDS[language]
    about = STUDY.replace("seed: 7", f"seed: 7\nlanguage: {language}\nnotice: {words['notice']}")
    project.study("tiny", about.replace("Tiny 小店", words["title"]))
    (job,) = plan.jobs(project.root)
    with using(language):
        folder = project.root / "made"
        report = Report(Study("tiny", Study.load("tiny").spec, {}, {}, folder, output=folder), "count")
        summary = report.summary(story(words, refused))
        cells = [
            nbformat.v4.new_markdown_cell(words["prose"]),
            *_shown(words["first"], report.section(section(words))),
            *_shown(words["second"], report.table("alone", long(), download=True)),
            *_shown(words["third"], report.section(Section(words["ground"], tables=(Table("few", wide()),)))),
        ]
        header = provenance.header(
            {**job.inputs, "notebook": {**job.inputs["notebook"], "title": words["asked"]}}, "0a1b2c"
        )
    hidden = nbformat.v4.new_code_cell(
        "report.summary(story)", metadata={"tags": ["summary"]}, outputs=[_output(summary)]
    )
    return render.page(nbformat.v4.new_notebook(cells=[*cells, hidden]), report.result, header)


def story(words: dict[str, str], refused: bool) -> Story:
    """A decision with its figure, five findings and three checks, of which one fails if `refused`."""
    label = words["label"]
    findings = (
        Finding("gain", label, 24000.0, 4000.0, 38000.0, "money", 0.0),
        Finding("return", words["roi"], 1.62, 1.1, 2.05, "", 1.0),
        Finding("narrow", words["share"], 0.412, 0.405, 0.419, "ratio", 0.25),
        Finding("alone", words["people"], 12345.0, 12000.0, 12700.0, "count"),
        Finding("fifth", words["share"], None, unit="ratio", reference=0.0),
    )
    gates = (
        Gate("fit", True, words["gate"]),
        Gate("weeks", not refused, words["failed"]),
        Gate("edge", False, words["gate"], "warn"),
    )
    lead = Figure("lead", drawn(words, style.LEAD), words["figure"])
    grounds = (words["ground"], words["prose"].split("`")[0])
    return Story(
        described="",
        decision=words["decision"],
        findings=findings,
        gates=gates,
        sections={},
        tone="go",
        grounds=grounds,
        lead=None if refused else lead,
    )


def section(words: dict[str, str]) -> Section:
    """A figure with two tables of its data, of which one is long and has gaps."""
    short = pd.DataFrame({"channel": ["抖音", "微博"], "now": [120000.0, 980.5], "share": [0.5, 0.125]})
    tables = (Table("costs", short, words["figure"], {"now": "money", "share": "ratio"}), Table("weeks", long()))
    figures = (Figure("spend", drawn(words, (style.WIDTH, 3)), words["figure"]),)
    return Section(words["ground"], figures, tables, cards=(deck(words),))


def deck(words: dict[str, str]) -> Cards:
    """Three cards, one of them with nothing to compare."""
    shares = (Comparison("0:00–6:00", 0.546, 0.241), Comparison(words["label"], 91.2, 1234.5, "money"))
    topics = (Topic(words["topic"], shares), Topic(words["people"], (), words["otherwise"]))
    facts = ((words["people"], "2,021 (33.7%)"), (words["label"], "¥687,815 (25.3% [23.5%, 27.0%])"))
    cards = (
        Card(f"segment-{place}", title, facts, words["ground"], topics[1:] if place == 2 else topics)
        for place, title in enumerate(words["cards"].split(", "), start=1)
    )
    return Cards("segments", words["people"], words["all"], (words["topic"], words["all"]), tuple(cards))


def long() -> pd.DataFrame:
    """Sixty rows: a number that falls and rises, with one missing, and a text."""
    value = [float((7 * at) % 60) - 20.5 for at in range(60)]
    return pd.DataFrame({"n": [None, *value[1:]], "name": [f"周{at}" for at in range(60)]})


def wide() -> pd.DataFrame:
    """Three rows that are too wide for a telephone and for paper at the size of a screen."""
    return pd.DataFrame({f"抖音 Douyin {at}": [1234567.0, 0.125, -3.5] for at in range(12)})


def drawn(words: dict[str, str], size: tuple[float, float]) -> Any:
    """Bars by channel with a long Chinese name."""
    with style.theme():
        figure = mpl.Figure(figsize=size)
        axes = figure.subplots()
        axes.barh(["抖音", "微博", "小红书图文"], [3, 2, 1])
        axes.set_title(words["label"])
        axes.text(0, 0, words["cards"].split(", ")[0])
        style.room_left(figure, ["小红书图文"])
    return figure


def _shown(heading: str, shown: Shown) -> list[Any]:
    code = nbformat.v4.new_code_cell('report.section(story["costs"])', outputs=[_output(shown)])
    return [nbformat.v4.new_markdown_cell(f"## {heading}"), code]


def _output(shown: Shown) -> Any:
    return nbformat.v4.new_output("display_data", data=shown._repr_mimebundle_())
