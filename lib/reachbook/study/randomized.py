"""Studies whose pages show of people only counts with random errors: `privacy.epsilon`."""

from reachbook.errors import ParamsError
from reachbook.notebook import Notebook
from reachbook.params import Document
from reachbook.privacy import people
from reachbook.study.spec import StudySpec
from reachbook.translation import tr


def refuse(spec: StudySpec, notebooks: tuple[Notebook, ...], document: Document) -> None:
    """Refuse notebooks that would take back what the random errors hide, or that have no errors to draw.

    Raises
    ------
    ParamsError
        `privacy.epsilon` is stated and a notebook reads people and publishes exact numbers; or it is not stated and a
        notebook needs it. One line for each.
    """
    lines = []
    for place, book in enumerate(notebooks):
        exact = not book.randomized and people.tables(book.tables)
        if spec.privacy.epsilon is None and book.randomized:
            lines.append(f"{document.place(('notebooks', place))}: {book.name}: {no_epsilon()}")
        if spec.privacy.epsilon is not None and exact:
            said = tr(
                "{notebook} publishes exact numbers of people, beside which the random errors of privacy.epsilon hide "
                "nobody. Take it out here, and run it in a study of its own that is internal.",
                notebook=book.name,
            )
            lines.append(f"{document.place(('notebooks', place))}: {said}")
    if lines:
        raise ParamsError("\n".join(lines))


def no_epsilon() -> str:
    """Say what a notebook with random errors lacks."""
    return tr(
        "privacy.epsilon is not stated, so that nobody has said how much may be given away about one person. Write "
        "`privacy: {{audience: shared, epsilon: 1}}`."
    )
