"""Of a database's URL nothing is told but scheme, host and database: the rest may be a password, whatever its form."""

import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus, unquote, unquote_plus

UNTOLD = "the URL"
_SCHEME = re.compile(r"([A-Za-z][\w+.:\-]{0,60})://(.*)", re.DOTALL)
_MENTIONS = re.compile(r"\$\{\w+\}")
_HOST = re.compile(r"([\w.\-]+|\$\{\w+\}|\[[0-9A-Fa-f:.]+\])?(:(\d+|\$\{\w+\}))?")
_DATABASE = re.compile(r"[^@:;=&?#,\s'\"]*")
_NO_DATABASE = re.compile(r"https?|s?ftps?|s3\w?|gs|oss|cos|webdavs?|file|abfss?|wasbs?")
_FILES = ("sqlite", "duckdb")
_ANY = re.compile(r"[A-Za-z][\w+.\-]*://[^\s\"'<>)\]]*")
_LOGIN = re.compile(r"://[^/\s]*@|\b(?:password|passwd|pwd)\s*=\s*\S", re.IGNORECASE)
_ASSIGNED = re.compile(
    r"(\w*(?:password|passwd|pwd|passphrase|secret|token|api_?key|access_?key|\bpass|\bkey|\bsig|\buid|\buser)\w*\s*=\s*)"
    r"(?:\{[^}]*\}|'[^']*'|\"[^\"]*\"|[^;&\s,'\")]+)",
    re.IGNORECASE,
)


def told(url: str) -> str:
    """`scheme://host/database`; less where the rest cannot be told from a password for certain."""
    if _MENTIONS.fullmatch(url):
        return url
    found = _SCHEME.fullmatch(url.strip())
    if found is None:
        return UNTOLD
    scheme, rest = found.groups()
    return f"{scheme}://{_place(scheme, rest)}"


def _place(scheme: str, rest: str) -> str:
    """Host and database. An @ behind a question mark may belong to a password with a question mark in it."""
    head, _, asked = rest.partition("?")
    if "@" in asked or "#" in head:
        return ""
    if scheme.partition("+")[0] in _FILES and head.startswith("/") and "@" not in head and "=" not in head:
        return head
    host, _, path = head.rpartition("@")[2].partition("/")
    known = _HOST.fullmatch(host)
    if known is None:
        return ""
    database = path.partition("/")[0] if scheme.partition("+")[0] not in _FILES else path
    if _NO_DATABASE.fullmatch(scheme) or not database or not _DATABASE.fullmatch(database):
        return known[1] or ""
    return f"{known[1] or ''}/{database}"


def redacted(text: str, secrets: Iterable[str] = ()) -> str:
    """`text` without the given secrets, other URLs' secrets and what stands behind `password=` and its kin."""
    for secret in sorted(secrets, key=len, reverse=True):
        short = len(secret) < 4  # as a word only: a user "a" is not each letter a
        text = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", "***", text) if short else text.replace(secret, "***")
    return _ASSIGNED.sub(r"\1***", _ANY.sub(lambda match: told(match[0]), text))


def holds_secret(text: str) -> bool:
    """Whether a text looks like a way to log in: a URL with a name before its host, or `password=` and its kin."""
    return bool(_LOGIN.search(text))


def spellings(secret: str) -> set[str]:
    """A secret as it may come back: as written, and with its signs escaped or not."""
    return {secret, unquote(secret), unquote_plus(secret), quote(secret, safe=""), quote_plus(secret)} - {""}
