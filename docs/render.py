"""docs/api: a page for each module, made by pdoc from signatures and docstrings. `make docs` calls this.

Our docstrings list what they describe as `name : meaning`, one a line; pdoc's Markdown would run such lines together,
so they are made a list before. Names that modules import for a type checker alone are imported for pdoc, too.
"""

import ast
import importlib
import inspect
import re
import warnings
from pathlib import Path
from typing import Any

import pdoc
from jinja2 import pass_context

ROOT = Path(__file__).parents[1]
OUTPUT = ROOT / "docs" / "api"
_ENTRY = re.compile(r"(?:^|(?<=[.;] ))(\w+(?:, \w+)*) : ", re.MULTILINE)
_HEADING = re.compile(r"^-{3,}$", re.MULTILINE)
_MADE = ("Alias for field number", "Create new instance of")
"""How docstrings begin that Python itself gives to named tuples."""


def modules() -> list[str]:
    """Every module of the library by name; those that a package does not export, too."""
    library = ROOT / "lib"
    files = (path.relative_to(library).with_suffix("") for path in sorted((library / "reachbook").rglob("*.py")))
    return [".".join(part for part in path.parts if part != "__init__") for path in files if path.name != "__main__"]


def listed(docstring: str) -> str:
    """A docstring whose entries `name : meaning` are items of a Markdown list; NumPy's own headings are left alone."""
    if docstring.startswith(_MADE):
        return ""
    first, *more = _ENTRY.split(docstring)
    if not more or _HEADING.search(docstring):
        return docstring
    names, meanings = more[::2], [meaning.rstrip(" ;") for meaning in more[1::2]]
    items = [f"- **{name}**: {meaning}" for name, meaning in zip(names, meanings, strict=True)]
    return "\n".join([first.rstrip(), "", *(item.removesuffix("\n") for item in items)])


def import_for_types(name: str) -> None:
    """Run what a module does under `if TYPE_CHECKING:`, so that pdoc can read its annotations."""
    module = importlib.import_module(name)
    for node in ast.parse(inspect.getsource(module)).body:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            exec(compile(ast.Module(node.body, []), name, "exec"), vars(module))


def main() -> None:
    """Render all pages into docs/api."""
    plain = pdoc.render.env.filters["to_markdown"]

    @pass_context
    def to_markdown(context: Any, docstring: str) -> Any:
        return plain(context, listed(docstring))

    pdoc.render.env.filters["to_markdown"] = to_markdown
    pdoc.render.configure(docformat="numpy", footer_text="Reachbook")
    for name in modules():
        import_for_types(name)
    warnings.filterwarnings("ignore", "The module specification")  # a package without __all__ brings its modules along
    warnings.filterwarnings("ignore", "Error parsing type annotation")  # of constructors that Python writes
    pdoc.pdoc(*modules(), output_directory=OUTPUT)
    print(f"docs/api/index.html: {len(modules())} modules")


if __name__ == "__main__":
    main()
