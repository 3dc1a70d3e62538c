"""Where the comparison of two versions is kept."""

from pathlib import Path

from reachbook.report_paths import DIFFERENCES


def path(before: Path, after: Path) -> Path:
    """`reports/<study>/<notebook>/diff/<A>..<B>.html`, with the study and notebook of A where they are other ones.

    Parameters
    ----------
    before, after : Path
        Folders of the two versions.
    """
    (study, notebook), (its_study, its_notebook) = (each.parts[-3:-1] for each in (before, after))
    other = [study] * (study != its_study) + [notebook] * (notebook != its_notebook)
    return after.parent / DIFFERENCES / f"{'-'.join([*other, before.name])}..{after.name}.html"
