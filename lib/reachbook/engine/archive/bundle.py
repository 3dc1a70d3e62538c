"""A version as one file to send or to archive."""

import zipfile
from pathlib import Path

from reachbook import atomic
from reachbook.engine.archive import crate
from reachbook.engine.kept import KeptVersion

BUNDLES = "bundles"
"""Folder beside the versions that holds their zip files."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip file can name."""


def bundle(version: KeptVersion) -> Path:
    """Zip a version and return the file's path; the same version gives the same bytes.

    Raises
    ------
    RunError
        A file of it is a link, which may lead anywhere.

    Notes
    -----
    Versions made before there was RO-Crate metadata get it in the zip file; their folders stay as they are.
    """
    study, notebook = version.folder.parts[-3:-1]
    path = version.home / BUNDLES / f"{study}-{notebook}-{version.name}.zip"
    path.parent.mkdir(exist_ok=True)
    contents = sorted(_contents(version).items())
    with atomic.writing(path) as unfinished, zipfile.ZipFile(unfinished, "w") as archive:
        for name, content in contents:
            archive.writestr(_entry(f"{version.name}/{name}"), content, compresslevel=9)
    return path


def _contents(version: KeptVersion) -> dict[str, bytes]:
    files = crate.files(version.folder)
    found = {path.relative_to(version.folder).as_posix(): path.read_bytes() for path in files}
    if crate.CRATE not in found:
        found[crate.CRATE] = crate.text(version.folder, version.inputs, version.name).encode()
    return found


def _entry(name: str) -> zipfile.ZipInfo:
    """An entry without clock, owner or machine."""
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o100644 << 16
    return entry
