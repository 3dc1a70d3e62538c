"""Bytes that two standards can read are told apart by how common their characters are."""

import pytest

from reachbook.tables.formats.big5 import big5, first_signs

TRADITIONAL = (
    "日期,渠道,花費\n",
    "城市\n台北\n高雄\n新竹\n",
    "訂單編號,會員名稱,付款金額,下單時間,商品名稱\n",
    "這個產品真的很好用，推薦給大家購買，物流速度也非常快，客服態度很好，下次還會再來。包裝破損了，聯繫客服沒有回覆，非常失望。",
    "面膜、乳液與精華液",
)
SIMPLIFIED = (
    "日期,渠道,花费\n",
    "城市\n台北\n高雄\n新竹\n北京\n上海\n",
    "订单编号,会员名称,付款金额,下单时间,商品名称\n",
    "这个产品真的很好用，推荐给大家购买，物流速度也非常快，客服态度很好。包装破损了，联系客服没有回复，非常失望。",
    "鑫森淼焱垚\n喆喆媛媛\n",
    "无印良品のコットン",
    "甲乙丙丁、①②③④",
)


@pytest.mark.parametrize("text", TRADITIONAL)
def test_big5_is_known(text: str) -> None:
    data = ("a,b,c\n" + text).encode("big5")
    assert big5(data) == "big5"
    assert first_signs(data, "big5") == "".join(sign for sign in text if not sign.isascii())[:6]


@pytest.mark.parametrize("text", SIMPLIFIED)
def test_simplified_text_stays_gb18030(text: str) -> None:
    assert big5(text.encode("gb18030")) == ""


@pytest.mark.parametrize("text", TRADITIONAL)
def test_traditional_text_in_gb18030_stays_it(text: str) -> None:
    assert big5(text.encode("gb18030")) == ""


def test_what_windows_adds_is_named_by_its_own_name() -> None:
    assert big5("歐元€與產品名稱很好".encode("cp950")) == "cp950"


@pytest.mark.parametrize(
    "data", [b"", b"a,b\n1,2\n", "花費".encode("big5"), "Köln, Zürich, Düsseldorf, Münster".encode("cp1252")]
)
def test_what_says_nothing_is_not_judged(data: bytes) -> None:
    assert big5(data) == ""
