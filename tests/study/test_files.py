"""Studies: what they take over from others, and what is refused before anything runs."""

import pytest

from helpers.tiny_project import STUDY, Project
from reachbook.errors import DataError, ParamsError
from reachbook.study import files
from reachbook.tables.condition import OtherThan
from reachbook.tables.preset import resolved
from reachbook.tables.source import Source


def mistake(project: Project, name: str = "tiny") -> str:
    with pytest.raises(ParamsError) as caught:
        files.load(project.root, name)
    return str(caught.value)


def test_a_study_that_extends_another_changes_only_its_own_lines(project: Project) -> None:
    project.study("tiny-10", "extends: tiny\ntitle: October\nperiod: {start: 2026-10-01, end: 2026-10-31}\n")
    parent, child = files.load(project.root, "tiny"), files.load(project.root, "tiny-10")
    assert child.spec.title == "October"
    assert child.spec.period.end.isoformat() == "2026-10-31"
    assert (child.spec.tables, child.spec.seed) == (parent.spec.tables, parent.spec.seed)


def test_notebook_parameters_are_taken_over_too(project: Project) -> None:
    project.notebook("shape", [], spec="reachbook.segmentation.spec:SegmentationSpec", tables=["orders"])
    project.study("tiny", STUDY.replace("[count]", "[shape]"))
    project.write("params/tiny/shape.yaml", "k_max: 5\n")
    project.study("child", "extends: tiny\n")
    project.write("params/child/shape.yaml", "k_min: 3\n")
    found = files.load(project.root, "child").parameters["shape"].model_dump()
    assert (found["k_max"], found["k_min"]) == (5, 3)


def test_a_child_takes_back_one_condition_of_its_parent(project: Project) -> None:
    rows = "where: {state: [paid], kind: [order]}, refund_rows: {kind: [refund]}"
    project.study("parent", f"extends: tiny\ntables:\n  orders: {{path: data/orders.csv, {rows}}}\n")
    project.study("child", "extends: parent\ntables:\n  orders: {where: {state: null}, refund_rows: {kind: }}\n")
    source = resolved(files.load(project.root, "child").spec.tables["orders"])
    assert (source.where, source.refund_rows) == ({"kind": ("order",)}, {})


@pytest.mark.parametrize("nothing", ["{}", "[]", "null", ""])
def test_a_child_takes_back_what_its_parent_states(project: Project, nothing: str) -> None:
    orders = "tables:\n  orders: {path: data/orders.csv, where: {state: [paid]}, missing: [none], keep: last}\n"
    project.study("parent", f"extends: tiny\n{orders}channels: {{a: A}}\n")
    options = "".join(f"    {option}: {nothing}\n" for option in ("where", "missing", "keep"))
    project.study("child", f"extends: parent\ntables:\n  orders:\n{options}channels: {{}}\n")
    spec = files.load(project.root, "child").spec
    assert (spec.tables["orders"].where, spec.tables["orders"].missing, spec.tables["orders"].keep) == ({}, (), None)
    assert spec.tables["orders"].path == "data/orders.csv"
    assert spec.channels == {}
    assert files.load(project.root, "parent").spec.tables["orders"].where == {"state": ("paid",)}


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("3", 'where.state holds 3, which is no text: quote it as it stands in the file, as in ["3"]'),
        ("[paid, true]", 'where.state holds true, which is no text: quote it as it stands in the file, as in ["true"]'),
        (
            "{others: [paid]}",
            "where.state holds others; write a list of values as in [交易成功], filled, empty, or {oth",
        ),
        ("{other_than: []}", "where.state lists no value; write a list"),
        ("[[paid]]", "where.state is no condition; write a list"),
    ],
)
def test_a_condition_that_is_none_is_told_in_plain_words(project: Project, condition: str, said: str) -> None:
    project.study("child", f"extends: tiny\ntables: {{orders: {{where: {{state: {condition}}}}}}}\n")
    with pytest.raises(ParamsError) as error:
        files.load(project.root, "child")
    assert f"params/child/study.yaml:2: tables.orders.{said}" in str(error.value)
    assert "\n" not in str(error.value)


def test_one_value_is_a_condition_as_a_list_of_one_is(project: Project) -> None:
    where = "{state: paid, kind: {other_than: test}, at: filled, item: [cup, lid]}"
    project.study("child", f"extends: tiny\ntables: {{orders: {{where: {where}, missing: none}}}}\n")
    orders = files.load(project.root, "child").spec.tables["orders"]
    kind = OtherThan(other_than=("test",))
    assert orders.where == {"state": ("paid",), "kind": kind, "at": "filled", "item": ("cup", "lid")}
    assert orders.missing == ("none",)
    assert Source.model_validate_json(orders.model_dump_json()) == orders


def test_a_mistake_in_the_parent_is_placed_in_the_parent(project: Project) -> None:
    project.study("tiny", STUDY.replace("seed: 7", "seed: seven"))
    project.study("child", "extends: tiny\ntitle: Child\n")
    assert 'params/tiny/study.yaml:3: seed is "seven".' in mistake(project, "child")


def test_studies_that_extend_each_other(project: Project) -> None:
    project.study("a", "extends: b\n")
    project.study("b", "extends: a\n")
    assert "leads back to itself" in mistake(project, "a")


@pytest.mark.parametrize("name", ["../tiny", "a/b", "..", "tiny ", "C:\\x", "."])
def test_a_study_name_with_a_path_in_it(project: Project, name: str) -> None:
    assert f"STUDY: {name!r} is not a study name" in mistake(project, name)


def test_extends_with_a_path_in_it(project: Project) -> None:
    project.study("child", "title: x\nextends: ../../elsewhere\n")
    assert "params/child/study.yaml:2: '../../elsewhere' is not a study name" in mistake(project, "child")


def test_an_unknown_study_names_those_there_are(project: Project) -> None:
    assert "there is no study 'acme' (params/acme/study.yaml). Studies here: tiny." in mistake(project, "acme")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("seed: 7", "seeds: 7", "params/tiny/study.yaml:3: seeds is not a known key. Did you mean seed?"),
        ("seed: 7", "timezone: Shanghai", "'Shanghai' is not a time zone. Write an IANA name such as Asia/Shanghai."),
        ("end: 2026-09-30", "end: 2026-06-30", "start 2026-07-01 lies after end 2026-06-30. Swap the two."),
        ("[count]", "[cuont]", "params/tiny/study.yaml:4: notebooks/cuont.ipynb: there is no such notebook."),
        ("[count]", "[]", "notebooks is []. It should have at least 1 item"),
        ("title: Tiny 小店", "seed: 1\ntitle: x", "seed is written twice"),
        (
            "{path: data/orders.csv}",
            "{pth: data/orders.csv}",
            "tables.orders.pth is not a known key. Did you mean path?",
        ),
    ],
)
def test_mistakes_in_study_yaml(project: Project, old: str, new: str, said: str) -> None:
    project.study("tiny", STUDY.replace(old, new))
    assert said in mistake(project)


def test_a_parameter_file_that_no_notebook_reads(project: Project) -> None:
    project.write("params/tiny/coutn.yaml", "")
    assert "params/tiny/coutn.yaml:1: no notebook has this name. Rename it to one of count.yaml" in mistake(project)


def test_a_study_without_data(project: Project) -> None:
    project.study("tiny", STUDY.split("tables:")[0])
    assert "the study has no data. Describe at least one table under `tables:`." in mistake(project)


def test_a_file_that_is_not_there_is_not_taken_for_a_licence(project: Project) -> None:
    project.write("LICENSE", "words")
    project.write("notes.md", "words")
    data = Source(path="oders.csv"), Source(path="data/oders.csv")
    with pytest.raises(DataError, match=r"no such file of any name; put it there, or mend the path\.$"):
        data[0].all_files(project.root)
    with pytest.raises(DataError, match=r"Did you mean data/orders\.csv\?$"):
        data[1].all_files(project.root)


def test_a_notebook_on_others_tables_reads_what_they_use_with_their_parameters(project: Project) -> None:
    judged = ["orders", "experiment", "series"]
    project.notebook("judge", [], tables=judged, of_others=True)
    project.notebook("effect", [], spec="reachbook.effects.spec:EffectSpec", tables=["experiment", "series"])
    project.study("tiny", STUDY.replace("[count]", "[judge, effect]"))

    def read() -> tuple[str, ...]:
        file = files.load(project.root, "tiny")
        return file.tables_of(file.notebooks[0])

    assert read() == ("experiment",)
    project.write("params/tiny/effect.yaml", "design: series\n")
    assert read() == ("series",)
    project.study("tiny", STUDY.replace("[count]", "[judge, effect, count]"))
    assert read() == ("orders", "series")
    project.study("tiny", STUDY.replace("[count]", "[judge]"))
    project.root.joinpath("params/tiny/effect.yaml").unlink()
    assert read() == tuple(judged), "where no other notebook reads a table, all are judged"
