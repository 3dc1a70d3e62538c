"""Addresses in Chinese, simplified and traditional, and in English."""

from reachbook.tables.personal.rule import MaskingRule, rule

_PLACE = r"(?![的了是在和很就不都也有我你他这那个到])[\u4e00-\u9fff]"
"""One character of a place name."""
_COUNT = "[0-9一二三四五六七八九十百]"
_NUMBER = f"{_COUNT}{{1,6}}"
_APART = r"(?<![0-9])"


def addresses() -> list[MaskingRule]:
    """List the rules for addresses, the most complete first."""
    return [*_chinese(), *_english()]


def _chinese() -> list[MaskingRule]:
    # A name holds no ending after its first character: then a text can be cut in one way only, and a long one is quick.
    city = rf"(?:{_PLACE}(?:(?![省市区县镇乡區縣鎮鄉]){_PLACE}){{1,6}}(?:省|市|自治区|[区县镇乡區縣鎮鄉]))"
    street = rf"{_PLACE}(?:(?![路街道巷弄村]){_PLACE}){{0,8}}(?:路|街|大道|巷|弄|胡同|村|道)[东西南北中東]?"
    house = r"[号號](?![线線店馆館机機下到桌位色码碼文称令召]|楼梯)"
    door = (
        rf"\s?{_NUMBER}(?:-{_NUMBER}){{0,3}}\s?(?:号楼(?!梯)|[号號]院|{house}|弄|幢|[栋棟]|座|[单單]元|[楼樓](?!梯)|[层層]|室|组|組|[户戶]|#"
        rf"|(?<=[0-9])/[fF](?![A-Za-z]))"
    )
    room = rf"(?:之\d{{1,3}}|\s?[A-Za-z]?\d{{0,3}}室|\s?{_APART}\d{{3,4}}(?![0-9元块年月日个]))?"
    part = rf"\s?(?:{_NUMBER}段)?"
    ends = "小区|小區|花园|花園|公寓|大厦|大廈|广场|廣場|苑|新村|家园|家園|学校|大学|宿舍|邨|第一城"
    estate = rf"(?:{_PLACE}|[A-Za-z0-9]){{2,9}}?(?:{ends})"
    tower = r"(?:塔|座|广场|廣場|大厦|大廈|中心|SOHO|公馆|大楼)"
    return [
        rule(rf"{city}{{0,4}}{street}{part}(?:{estate})?(?:{door})+{room}", "[address]", _is_place),
        rule(rf"{city}{{0,4}}(?:{street})?{estate}(?:{door})+{room}", "[address]"),
        rule(rf"{city}{{1,4}}(?:{door})+{room}", "[address]"),
        rule(rf"{city}{{0,4}}(?:{street})?{estate}\s?\d{{1,3}}-\d{{1,2}}-\d{{3,4}}(?![0-9])", "[address]"),
        rule(rf"(?<!{_COUNT})(?:{door}){{2,6}}{room}", "[address]", _is_place),
        rule(rf"{city}{{1,4}}(?:{_PLACE}){{1,6}}?(?:路|街|大道|巷|胡同)(?:{estate})?", "[address]"),
        rule(rf"(?:{_PLACE}|[A-Za-z]){{2,9}}?{tower}\s?[A-Z0-9]{{0,3}}\s?{_APART}\d{{3,4}}室", "[address]"),
        rule(rf"{_APART}\d{{3,4}}室(?![内外友温])", "[address]"),
    ]


def _is_place(text: str) -> bool:
    """Tell the group of a village from a group of anything else."""
    return text[-1] not in "组組" or "村" in text


def _english() -> list[MaskingRule]:
    ends = (
        "Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Terrace|Place|Pl|Square|Sq|Crescent"
        "|Parkway|Pkwy|Highway|Hwy|Dajie|Lu"
    )
    common = r"(?!(?i:day|hour|star|week|month|year|minute|percent|way|drive|in|free|mile)s?\b)"
    word = rf"(?:{common}[A-Z][\w'’.]*\s)"
    number = r"(?:(?i:no)\.?\s?)?\b\d{1,5}(?:-\d{1,5})?[A-Za-z]?,?\s+"
    part = "flat|room|rm|apt|apartment|suite|unit|building|bldg|tower|block"
    flat = rf"(?:\b(?i:{part})\.?\s?#?[A-Z]?\d{{1,5}}[A-Za-z]?|\b\d{{1,3}}/F)"
    tail = rf"(?:\s(?:Central|East|West|North|South|NW|NE|SW|SE)\b)?(?:,?\s{flat}){{0,4}}"
    cue = r"(?P<kept>(?i:\b(?:live|lives|living|address|addr|ship|shipped|deliver|delivered|send|sent)\b[^.\d]{0,12}))"
    low = "street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|terrace"
    slow = rf"(?:{common}[a-z][a-z']*\s){{1,3}}(?:{low})\b"
    return [
        rule(rf"(?:{flat},?\s+){{0,3}}{number}{word}{{1,3}}(?:{ends})\b\.?{tail}", "[address]"),
        rule(rf"{cue}{number}{slow}(?:\s(?:central|east|west|north|south)\b)?", "[address]"),
        rule(rf"{flat}(?:,\s?{flat}){{1,4}}", "[address]"),
        rule(r"\b[Pp]\.?\s?[Oo]\.?\s?[Bb]ox\s?\d{2,6}\b", "[address]"),
    ]
