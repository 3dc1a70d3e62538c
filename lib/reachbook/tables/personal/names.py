"""Names of people where a text says that one follows."""

from reachbook.tables.personal.rule import MaskingRule, rule

_SURNAME = (
    "(?:欧阳|司马|上官|诸葛|东方|皇甫|尉迟|[王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
    "張劉陳楊趙黃吳孫馬羅鄭謝韓馮蕭鄧許呂盧蔣賈葉閻鍾薑范譚鄒陸顧龍萬錢湯賴龔])"
)
_OTHER_WORD = (
    "(?:高度|高兴|高清|高级|马上|于是|于[0-9一二三四五六七八九十]|任何|任意|方便|"
    "常常|经常|万分|万一|白白|易|叶子|文具|金额|何时|何必|何况|段时)"
)
_RECIPIENT = "收货人|收貨人|收件人|联系人|聯絡人|姓名"
_END = (
    r"(?=$|[\s,.。!?;:、~…\-)\]'\"]|[，！？；：是在住的]"
    "|谢谢|謝謝|您好|你好|今年|来自|來自|电话|電話|手机|手機|微信|请问|請問)"
)


def names() -> list[MaskingRule]:
    """List the rules for names behind "my name is", of recipients, and after @."""
    person = rf"(?!{_OTHER_WORD}){_SURNAME}[\u4e00-\u9fff]{{1,2}}"
    written = r"(?-i:[A-Z][A-Za-z'’\-]*(?:\s[A-Z][A-Za-z'’\-]*){0,2})"
    says = r"name\s?:|full name\s?:|my name\s?(?:is|:|'s)|recipient\s?:|consignee\s?:"
    return [
        rule(rf"(?P<kept>(?:{_RECIPIENT})\s?:\s?)[\u4e00-\u9fff]{{2,4}}(?![\u4e00-\u9fff])", "[name]"),
        rule(rf"(?P<kept>(?:{_RECIPIENT})\s?:\s?){person}", "[name]"),
        rule(
            rf"(?P<kept>(?:{_RECIPIENT}|名字|名叫|本人|我姓[\u4e00-\u9fff]{{1,2}},?\s?我?叫|我名?叫)(?:是|叫|为)?\s?){person}{_END}",
            "[name]",
        ),
        rule(
            rf"(?P<kept>(?<![A-Za-z] )\b(?i:{says})\s?){written}",
            "[name]",
        ),
        rule(r"(?<![A-Za-z0-9._%+\-])@(?=[\w\-·]*[^\W\d_]|\d{6})[\w\-·]{1,30}", "@[name]"),
    ]
