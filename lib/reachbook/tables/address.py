"""Database URLs reduced to scheme, host and database: anything else may be a password."""

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


def shown_url(url: str) -> str:
    """Reduce a URL to `scheme://host/database`; parts that might belong to a password are left out too."""
    if _MENTIONS.fullmatch(url):
        return url
    found = _SCHEME.fullmatch(url.strip())
    if found is None:
        return UNTOLD
    scheme, rest = found.groups()
    return f"{scheme}://{_place(scheme, rest)}"


def _place(scheme: str, rest: str) -> str:
    """Host and database, or "" where they cannot be separated from a password.

    Notes
    -----
    An @ behind a question mark may belong to a password that contains a question mark.
    """
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
    """Remove from `text` the given secrets, those in URLs, and anything that follows `password=` and similar keys."""
    for secret in sorted(secrets, key=len, reverse=True):
        short = len(secret) < 4  # as a word only: a user "a" is not each letter a
        text = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", "***", text) if short else text.replace(secret, "***")
    return _ASSIGNED.sub(r"\1***", _ANY.sub(lambda match: shown_url(match[0]), text))


def holds_secret(text: str) -> bool:
    """Whether a text looks like a login: a URL with a name before its host, or `password=` and similar keys."""
    return bool(_LOGIN.search(text))


def spellings(secret: str) -> set[str]:
    """Return the forms in which a secret may be echoed: as written, and with its special characters escaped or not."""
    return {secret, unquote(secret), unquote_plus(secret), quote(secret, safe=""), quote_plus(secret)} - {""}
