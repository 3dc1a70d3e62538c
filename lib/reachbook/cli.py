"""What the Makefile calls: reports, validate, presets, diff, review, bundle, prune, erase, serve, verify, lab."""

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from reachbook.errors import ReachbookError
from reachbook.study.study import find_root

FAULT, INTERRUPTED = 70, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns
    -------
    int
        Exit code: 0 for success, 1 if a report failed, 2 for a mistake in the input, 70 for a fault of the program, 130
        if interrupted. No error ends in a traceback.
    """
    parser = _parser()
    options, more = parser.parse_known_args(arguments)
    verb: Callable[[Path, Any], int] = options.verb
    if more and verb is not _lab:
        parser.error(f"unknown option {more[0]}; {parser.prog} --help lists what there is")
    options.more = more
    root = Path.cwd()
    try:
        root = find_root(root)
        return verb(root, options)
    except ReachbookError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped. Nothing half is left.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # who read the lines has gone, as in `make validate | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return INTERRUPTED
    except Exception as error:
        from reachbook import crash_log

        print(f"Stopped on {crash_log.describe(error, root)}", file=sys.stderr)
        return FAULT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="reachbook", description=__doc__)
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    for name, verb, text in (
        ("reports", _reports, "make the reports that are out of date"),
        ("new", _new, "draft a study from files: recognise exports, guess other tables, say what is open"),
        ("validate", _validate, "check parameters and tables without running anything"),
        ("presets", _presets, "list the exports that a source can name as its preset"),
        ("share", _share, "make PDF, workbook, figures and slides of a published version"),
        ("diff", _diff, "compare two versions on a page: data, parameters, code, findings, figures"),
        ("review", _review, "say of a version that it is approved, or what should change"),
        ("bundle", _bundle, "zip a version, with its RO-Crate metadata, to send or to archive"),
        ("prune", _prune, "remove old versions that nothing asks for"),
        ("erase", _erase, "erase people: from tables read from now on, the cache, and versions that may hold them"),
        ("serve", _serve, "show the reports to browsers on this machine"),
        ("verify", _verify, "run published versions again and compare the bytes"),
        (
            "lab",
            _lab,
            "open the notebooks in JupyterLab, in the surroundings of reports; further options go to JupyterLab",
        ),
    ):
        each = verbs.add_parser(name, help=text, description=text)
        each.set_defaults(verb=verb)
        if name in ("reports", "validate"):
            each.add_argument("--study", help="a folder under params/; all by default")
        if name == "new":
            each.add_argument("--study", required=True, help="name of the folder under params/ to write")
            each.add_argument("--from", dest="files", nargs="*", default=[], help="files, folders or patterns")
        if name == "reports":
            each.add_argument("--notebook", help="one notebook; all by default")
        if name == "share":
            each.add_argument("--version", required=True, help="beginning of a version's name")
        if name in ("diff", "prune"):
            each.add_argument("--study", default="", help="a folder under reports/")
        if name == "diff":
            each.add_argument("--notebook", default="", help="the notebook whose versions are compared")
            each.add_argument("--before", default="", help="version, or study/version; the one before by default")
            each.add_argument("--after", default="", help="version, or study/version; the newest by default")
        if name in ("review", "bundle"):
            each.add_argument("--version", default="", help="beginning of a version's name")
        if name == "review":
            each.add_argument("--by", default="", help="who reviewed it")
            each.add_argument("--status", default="", help="approved or changes")
            each.add_argument("--note", default="", help="what to say of it, in one line")
        if name == "prune":
            each.add_argument("--keep", default="12", help="newest versions of each report that stay")
            each.add_argument("--yes", default="", help="1 to remove them; they are only listed otherwise")
        if name == "erase":
            each.add_argument("--study", required=True, help="a folder under params/")
            each.add_argument("--ids", default="", help="ids separated by commas, or a file with one id a line")
            each.add_argument("--by", default="", help="who erases them")
        if name == "serve":
            each.add_argument("--port", default="8000", help="port on this machine")
        if name == "verify":
            each.add_argument("--version", help="beginning of a version's name, or all", default="all")
        if name in ("reports", "verify"):
            each.add_argument("--jobs", type=_count, default=os.process_cpu_count() or 1, help="notebooks at once")
    return parser


def _count(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"JOBS is {text!r}. Write a whole number from 1.")
    return int(text)


def _reports(root: Path, options: Any) -> int:
    from reachbook.engine import integrity, plan, publish
    from reachbook.engine.shelf import page as shelf

    publish.sweep(root)
    for line in integrity.mend(root):
        print(line)
    jobs = plan.jobs(root, options.study or None, options.notebook or None)
    _say(_parameter_cells(jobs))
    waiting = [job for job in jobs if not job.is_made]
    for job in waiting:
        publish.mark_outdated(job.home, job.version)
    able = _accepted(waiting)
    try:
        failed = _make(root, able, options.jobs) if able else 0
    finally:
        for job in jobs:
            if job.is_made:
                publish.mark_current(job.home, job.version)
        _compare(job for job in able if job.is_made)
        index = shelf.write(root)
    for job in jobs:
        if job not in waiting:
            print(f"up to date {job.name} {job.version} · {(job.folder / 'report.html').relative_to(root)}")
    refused = len(waiting) - len(able)
    print(f"{_summary(len(jobs), len(waiting), failed + refused)} Open {index.relative_to(root)}")
    return 2 if refused else (1 if failed else 0)


def _accepted(waiting: list[Any]) -> list[Any]:
    """Return the jobs that no preflight check refuses and that read nothing refused; refusals are printed at once."""
    from reachbook.engine import refusals
    from reachbook.errors import RunError

    able: list[Any] = []
    refused: set[str] = set()
    for job in waiting:
        needs = [need for need in job.needs if need in refused]
        try:
            if not needs:
                refusals.refuse(job.file, job.notebook, job.tables)
        except RunError as error:  # the check itself failed: the run will tell
            print(error, file=sys.stderr)
        except ReachbookError as error:
            print(error, file=sys.stderr)
            needs = [job.name]
        if needs:
            refused.add(job.name)
            more = "" if needs == [job.name] else f", because it reads {needs[0]}"
            print(f"not started {job.name}{more}", file=sys.stderr)
        else:
            able.append(job)
            _say(f"warning   {job.name}: table {table}: {line}" for table, line in job.warnings)
    return able


def _parameter_cells(jobs: list[Any]) -> list[str]:
    """Return one line for each notebook whose parameters cell differs from its schema: `make` ignores that cell."""
    books = {job.notebook.name: job for job in jobs}
    studies = {job.file.name for job in jobs}
    study = studies.pop() if len(studies) == 1 else "<study>"
    return [
        f"note      the parameters cell of {name} holds {', '.join(f'{key}={value}' for key, value in saved.items())}; "
        f"make ignores it: write it into params/{study}/{name}.yaml"
        for name, job in books.items()
        if (saved := job.notebook.saved())
    ]


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)


def _make(root: Path, waiting: list[Any], workers: int) -> int:
    from reachbook.engine import pool
    from reachbook.engine.progress import Progress

    return sum(bool(each.failure) for each in pool.run(waiting, workers, Progress(root), "reachbook.engine.make:make"))


def _compare(made: Iterable[Any]) -> None:
    """Compare each new version with the one before it."""
    for job in made:
        from reachbook.engine import kept
        from reachbook.engine.difference import page as difference

        versions, _ = kept.versions(job.home)
        if len(versions) > 1:
            try:
                difference.write(versions[1], versions[0])
            except ReachbookError as error:
                print(f"warning   {job.name}: cannot be compared with the version before it: {error}", file=sys.stderr)


def _summary(jobs: int, waiting: int, failed: int) -> str:
    if not waiting:
        return "Everything is up to date." if jobs else "There is nothing to make."
    return f"{waiting - failed} of {waiting} made." if failed else f"{waiting} made, {jobs - waiting} up to date."


def _validate(root: Path, options: Any) -> int:
    from reachbook.engine import plan
    from reachbook.study.data import Data, warned
    from reachbook.study.summary import summary
    from reachbook.translation import using

    planner = plan.Planner(root)
    chosen = [(file, Data(file)) for file in plan.studies(root, options.study or None)]
    jobs = plan.each(lambda each: _checked(planner, *each), chosen)
    for (file, data), planned in zip(chosen, jobs, strict=True):
        tables = ", ".join(f"{name} {data[name].rows:,}" for name in data)
        odd = [f"warning   {file.name}: table {table}: {line}" for table, line in warned(data)]
        more = f"; {len(odd)} warning(s)" if odd else ""
        said = "notebook(s) can run, parameters and tables keep the rules"
        print(f"{file.name}: {len(planned)} {said}; rows: {tables}{more}")
        _say(odd)
        period = (file.spec.period.start.isoformat(), file.spec.period.end.isoformat())
        with using(file.spec.language):
            for name in data:
                _say(summary(name, data[name], period))
        _say(_counted(data))
        _say(_parameter_cells(planned))
    return 0


def _checked(planner: Any, file: Any, data: Any) -> list[Any]:
    """Plan the jobs of a study after checking all its tables, including those that no notebook reads."""
    from reachbook.engine import plan

    plan.each(lambda name: data[name], data)
    jobs: list[Any] = planner.add(file, data, refuse=True)
    return jobs


def _counted(data: Mapping[str, Any]) -> Iterator[str]:
    """Yield the value counts of columns with few distinct values, in which a person can spot errors."""
    for name in data:
        for column, values in data[name].counts.items():
            yield f"  {column}: {', '.join(f'{value} {rows:,}' for value, rows in values.items())}"


def _new(root: Path, options: Any) -> int:
    from reachbook.draft.new import new

    _say(new(root, options.study, options.files))
    return 0


def _presets(root: Path, options: Any) -> int:
    from reachbook.tables import preset_list

    _say(preset_list.lines())
    return 0


def _share(root: Path, options: Any) -> int:
    from reachbook.engine.share.share import share

    _say(share(root, options.version))
    return 0


def _diff(root: Path, options: Any) -> int:
    from reachbook.engine.difference import choose
    from reachbook.engine.difference import page as difference
    from reachbook.engine.shelf import page as shelf

    before, after = choose.pair(root, options.study, options.notebook, options.before, options.after)
    path = difference.write(before, after)
    shelf.write(root)
    print(f"{before.name} → {after.name}: open {path.relative_to(root)}")
    return 0


def _review(root: Path, options: Any) -> int:
    from reachbook.engine.archive import review
    from reachbook.engine.shelf import page as shelf

    path, added = review.review(root, options.version, options.by, options.status, options.note)
    shelf.write(root)
    print(f"{path.stem} {review.line(added)} · {path.relative_to(root)}")
    return 0


def _bundle(root: Path, options: Any) -> int:
    from reachbook.engine import kept
    from reachbook.engine.archive.bundle import bundle

    path = bundle(kept.find(root, options.version))
    print(f"{path.relative_to(root)} · {path.stat().st_size:,} bytes")
    return 0


def _prune(root: Path, options: Any) -> int:
    from reachbook.engine.archive import prune
    from reachbook.engine.shelf import page as shelf

    found = prune.plan(root, _whole("KEEP", options.keep, 1, 100_000), options.study)
    sure = prune.confirmed(options.yes)
    for version, reason in found.spared:
        print(f"stays     {version.label}: {reason}")
    for version in found.removed:
        why = (
            ": older than privacy.keep_days, which wins over reviews and references" if version in found.expired else ""
        )
        print(f"{'removed' if sure else 'would go':9} {version.label} of {version.finished[:10]}{why}")
        if sure:
            prune.remove(version)
    if sure and found.removed:
        shelf.write(root)
    more = "" if sure or not found.removed else " Nothing was removed: add YES=1 to remove them."
    print(f"{len(found.removed)} {'removed' if sure else 'would go'}, {len(found.spared)} older ones stay.{more}")
    return 0


def _erase(root: Path, options: Any) -> int:
    from reachbook.engine.erasure.erase import erase
    from reachbook.engine.shelf import page as shelf

    _say(erase(root, options.study, options.ids, options.by))
    shelf.write(root)
    return 0


def _serve(root: Path, options: Any) -> int:
    from reachbook.engine.shelf.serve import server

    port = _whole("PORT", options.port, 1, 65535)
    with server(root, port) as running:
        print(f"http://127.0.0.1:{port}/ · Ctrl-C stops it", flush=True)
        running.serve_forever()
    return 0


def _whole(name: str, text: str, low: int, high: int) -> int:
    from reachbook.errors import ParamsError

    if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
        raise ParamsError(f"{name}: {text!r} is not a whole number from {low} to {high}.")
    return int(text)


def _verify(root: Path, options: Any) -> int:
    from reachbook.engine import pool
    from reachbook.engine.progress import Progress
    from reachbook.engine.verify import recorded

    chosen = recorded(root, options.version)
    able = [job for job in chosen if not job.hindrance]
    for job in chosen:
        if job.hindrance:
            print(f"not run   {job.name}: {job.hindrance}")
    outcomes = pool.run(able, options.jobs, Progress(root), "reachbook.engine.verify:verify")
    same = sum(not each.failure for each in outcomes)
    print(f"{same} of {len(chosen)} gave the same bytes, {len(able) - same} differ, {len(chosen) - len(able)} not run.")
    return 1 if same < len(able) or not able else 0


def _lab(root: Path, options: Any) -> int:
    from reachbook.engine import kernel

    command = [sys.executable, "-m", "jupyterlab", f"--notebook-dir={root}", *options.more]
    os.execve(sys.executable, command, {**os.environ, **kernel.environment(root)})
