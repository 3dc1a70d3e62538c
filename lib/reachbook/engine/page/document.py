"""Pages about reports: the shelf and the comparison of two versions, in the style of the reports."""

from pathlib import Path
from typing import Any

from markupsafe import Markup

from reachbook.engine.page.render import TEMPLATES, environment, policy
from reachbook.translation import language
from reachbook.translation.control_characters import visible


def document(folder: Path, name: str, **values: Any) -> str:
    """Fill in `<name>.html.j2` of a folder of templates, with `<name>.css` and, where there is one, `<name>.js` in it.

    Notes
    -----
    The page may use that style and run that script and no other: their hashes stand in its content security policy.
    """
    files = [TEMPLATES / "style.css", folder / f"{name}.css"]
    style = "".join(path.read_text(encoding="utf-8") for path in files)
    script = _script(folder / f"{name}.js")
    head = {"style": Markup(style), "script": Markup(script), "policy": policy(style, script), "language": language()}
    return visible(environment(folder).get_template(f"{name}.html.j2").render(**head, **values))


def _script(path: Path) -> str:
    return f"\n{path.read_text(encoding='utf-8')}" if path.is_file() else ""
