"""A rule: a pattern, the mark that replaces what it finds, and a test of what was found."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from reachbook.tables.personal.normal_form import NormalForm

LABEL = (
    r"\s?(?:号码|號碼|账号|帳號|账户|帳戶|号|號|id|ID|Id|number|no\.?)?\s?(?:是|为|為|名|is)?(?:\s?[:=\-~#]){0,2}\s?"
)
"""What stands between the kind of a number and the number."""
HANDLE = r"[A-Za-z0-9_][A-Za-z0-9_\-.]{3,29}"
UNITS = "元块人个年月万粉币条篇次天克赞"
"""A number before one of these counts something."""


@dataclass(frozen=True)
class MaskingRule:
    """Replace what `pattern` finds behind its group `kept`, if `valid` says yes, by `mark`."""

    pattern: re.Pattern[str]
    mark: str
    valid: Callable[[str], bool] | None = None

    def apply(self, form: NormalForm) -> None:
        """Replace each match in `form`."""
        for match in reversed(list(self.pattern.finditer(form.text))):
            start = match.end("kept") if "kept" in self.pattern.groupindex and match["kept"] else match.start()
            if self.valid is None or self.valid(form.text[start : match.end()]):
                form.replace(start, match.end(), self.mark)


def rule(pattern: str, mark: str, valid: Callable[[str], bool] | None = None) -> MaskingRule:
    """Compile a rule."""
    return MaskingRule(re.compile(pattern), mark, valid)
