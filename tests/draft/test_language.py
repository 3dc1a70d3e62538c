"""A draft in Chinese: its account and its comments hold no English beside names and code."""

import re
from pathlib import Path

import pytest

from helpers.tiny_project import Project
from reachbook.draft.new import new

ENGLISH = re.compile(r"[A-Za-z]{2,}(?: [A-Za-z]{2,}){2,}")
HEAD = "订单号,会员号,下单时间,应付金额,实付金额,订单状态"
FILES = {
    "a.csv": f"{HEAD}\n1,m,2026-07-01 09:00,5,4,交易关闭\n2,n,2026-07-02 09:00,5,4,交易成功\n",
    "b.csv": f"{HEAD}\n2,n,2026-07-02 09:00,5,4,交易成功\n3,m,2026-07-03 09:00,6,5,交易成功\n",
    "odd.csv": "t0,t1\n1,0\n",
}


def test_nothing_is_left_in_english(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project.root)
    for name, content in FILES.items():
        Path("data", name).write_text(content, "utf-8")
    said = new(project.root, "acme", ["data/a.csv", "data/b.csv", "data/odd.csv"])
    assert said[0].startswith("data/a.csv -> orders（按列名推测）")
    lines = [*said, *Path("params/acme/study.yaml").read_text("utf-8").splitlines()]
    left = [line for line in lines if ENGLISH.search(re.sub(r"make \w+ \S+|`[^`]*`", "", line))]
    assert left == []
    assert any("还是 应付金额？" in line for line in lines)


def test_no_question_of_a_preset_is_left_in_english(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project.root)
    Path("data/ads.csv").write_text("时间-天,消耗(元),展示数,点击数\n2026-07-01,5.00,9,1\n", "utf-8")
    new(project.root, "acme", ["data/ads.csv"])
    drafted = Path("params/acme/study.yaml").read_text("utf-8")
    assert "# 已识别：巨量引擎，分天报表" in drafted
    assert "# constants: {channel: douyin}  # 研究预算中的渠道名，如果不是 douyin" in drafted
