"""What the Makefile calls: one verb each, as reports, validate, diff, erase or privacy."""

import argparse
import io
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from reachbook.errors import ReachbookError
from reachbook.study.study import find_root
from reachbook.translation import joined, mark, sentences, tr, use, using
from reachbook.translation.control_characters import visible

FAULT, INTERRUPTED = 70, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns
    -------
    int
        Exit code: 0 for success, 1 if a report failed, 2 for a mistake in the input, 70 for a fault of the program, 130
        if interrupted. No error ends in a traceback.

    Notes
    -----
    What is said of one study is in its language, all else in that of the list of reports (see `house_language`).
    """
    if isinstance(sys.stdout, io.TextIOWrapper):  # a terminal of another encoding shows the rest as escapes
        sys.stdout.reconfigure(errors="backslashreplace")
    parser = _parser()
    options, more = parser.parse_known_args(arguments)
    verb: Callable[[Path, Any], int] = options.verb
    if more and verb is not _lab:
        parser.error(f"unknown option {more[0]}; {parser.prog} --help lists what there is")
    options.more = more
    root = Path.cwd()
    try:
        root = find_root(root)
        _speak(root)
        return verb(root, options)
    except ReachbookError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\n" + tr("Stopped. Nothing half is left."), file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # who read the lines has gone, as in `make validate | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return INTERRUPTED
    except Exception as error:
        from reachbook import crash_log
        from reachbook.engine import machine

        if said := machine.refusal(error, root):
            print(said, file=sys.stderr)
            return 2
        print(tr("Stopped on {fault}", fault=crash_log.describe(error, root)), file=sys.stderr)
        return FAULT


def _speak(root: Path) -> None:
    from reachbook.engine.house_language import house_language

    use(house_language(root))


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
        ("privacy", _privacy, "write the register of processing: what a study holds about people, why, for how long"),
        ("activate", _activate, "write a list a segment: hashed ids, who may be reached, a random hold-out"),
        ("outcomes", _outcomes, "join what listed people did afterwards, for the campaign effect"),
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
        if name == "privacy":
            each.add_argument("--study", required=True, help="a folder under params/")
        if name == "activate":
            each.add_argument("--study", required=True, help="a folder under params/")
            each.add_argument("--segment", default="", help="number or name of one segment; all by default")
            each.add_argument("--version", default="", help="beginning of a version's name; the newest by default")
            each.add_argument("--suppress", default="", help="whom to leave out: a file with one id a line, or ids")
            each.add_argument("--until", default="", help="last day on which the list may be used")
            each.add_argument("--holdout", default="", help="share that is held out; planned by default")
        if name == "outcomes":
            each.add_argument("--study", required=True, help="a folder under params/, with the orders afterwards")
            each.add_argument("--version", default="", help="version whose lists went out; the latest by default")
            each.add_argument(
                "--start", default="", help="first day of the campaign; when the lists were made by default"
            )
            each.add_argument("--days", default="", help="days of orders that count; 28 by default")
        if name == "serve":
            each.add_argument("--port", default="8000", help="port on this machine")
        if name == "verify":
            each.add_argument("--version", help="beginning of a version's name, or all", default="all")
        if name in ("reports", "verify"):
            each.add_argument("--jobs", default=str(os.process_cpu_count() or 1), help="notebooks at once")
    return parser


def _reports(root: Path, options: Any) -> int:
    from reachbook.engine import integrity, plan, publish
    from reachbook.engine.shelf import page as shelf

    workers = _whole("JOBS", options.jobs, 1, 1000)
    publish.sweep(root)
    for line in integrity.mend(root):
        print(line)
    jobs, mistaken = plan.plan(root, options.study or None, options.notebook or None)
    _keep_mistaken(root, options.study, mistaken)
    if mistaken and not jobs:
        if (root / "reports").is_dir():
            shelf.write(root)
        raise plan.combined([each.error for each in mistaken])
    for each in mistaken:
        print(each.error, file=sys.stderr)
        print(tr("not started {name}", name=each.name), file=sys.stderr)
    _say(_parameter_cells(jobs))
    waiting = [job for job in jobs if not job.is_made]
    for job in waiting:
        publish.mark_outdated(job.home, job.version)
    for job in jobs:
        if job.is_made:  # said before the run, so that nobody removes what it reads meanwhile
            publish.mark_current(job.home, job.version)
    able = _accepted(waiting)
    try:
        failed = _make(root, able, workers) if able else 0
    finally:
        for job in jobs:
            if job.is_made:
                publish.mark_current(job.home, job.version)
        _compare(job for job in able if job.is_made)
        _refresh(root)
        index = shelf.write(root)
    for job in jobs:
        if job not in waiting:
            page = (job.folder / "report.html").relative_to(root)
            print(tr("up to date {name} {version} · {page}", name=job.name, version=job.version, page=page))
    refused = len(waiting) - len(able)
    summary = _summary(len(jobs), len(waiting), failed + refused)
    print(sentences(summary, tr("Open {page}", page=index.relative_to(root))))
    return 2 if refused or mistaken else (1 if failed else 0)


def _keep_mistaken(root: Path, study: str, mistaken: Sequence[Any]) -> None:
    """Keep for the list of reports why none of a study's can be planned."""
    from reachbook.engine import refused_inputs
    from reachbook.study import files

    unread = {each.name: str(each.error).splitlines() for each in mistaken if each.file is None}
    refused_inputs.keep_studies(root, [study] if study else files.names(root), unread)
    for each in mistaken:
        for book in each.file.notebooks if each.file else ():
            refused_inputs.keep(each.file, book, str(each.error).splitlines())


def _accepted(waiting: list[Any]) -> list[Any]:
    """Return the jobs that no preflight check refuses and that read nothing refused.

    Notes
    -----
    Refusals are printed at once, each in the language of its study, and kept for the list of reports.
    """
    from reachbook.engine import refused_inputs
    from reachbook.engine.page import provenance

    able: list[Any] = []
    refused: set[str] = set()
    for job in waiting:
        with using(job.file.spec.language):
            why = _refusal(job, refused)
            if why:
                refused.add(job.name)
                refused_inputs.keep(job.file, job.notebook, why, provenance.notice(job.inputs))
                continue
            able.append(job)
            refused_inputs.forget(job.home)
            _say(
                tr("warning   {name}: table {table}: {line}", name=job.name, table=table, line=line)
                for table, line in job.warnings
            )
    return able


def _refusal(job: Any, refused: set[str]) -> list[str]:
    """Print and return why a job is not started; empty where nothing speaks against it."""
    from reachbook.engine import refusals
    from reachbook.errors import RunError

    needs = [need for need in job.needs if need in refused]
    if needs:
        why = tr("not started {name}, because it reads {need}", name=job.name, need=needs[0])
        print(why, file=sys.stderr)
        return [why]
    try:
        refusals.refuse(job.file, job.notebook, job.tables)
    except RunError as error:  # the check itself failed: the run will tell
        print(error, file=sys.stderr)
    except ReachbookError as error:
        print(error, file=sys.stderr)
        print(tr("not started {name}", name=job.name), file=sys.stderr)
        return str(error).splitlines()
    return []


def _parameter_cells(jobs: list[Any]) -> list[str]:
    """Return one line for each notebook whose parameters cell differs from its schema: `make` ignores that cell."""
    books = {job.notebook.name: job for job in jobs}
    studies = {job.file.name for job in jobs}
    study = studies.pop() if len(studies) == 1 else "<study>"
    return [
        tr(
            "note      the parameters cell of {name} holds {values}; make ignores it: write it into "
            "params/{study}/{name}.yaml",
            name=name,
            values=joined(f"{key}={value}" for key, value in saved.items()),
            study=study,
        )
        for name, job in books.items()
        if (saved := job.notebook.saved())
    ]


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        print(visible(line))


def _make(root: Path, waiting: list[Any], workers: int) -> int:
    from reachbook.engine import pool
    from reachbook.engine.progress import Progress

    return sum(bool(each.failure) for each in pool.run(waiting, workers, Progress(root), "reachbook.engine.make:make"))


def _compare(made: Iterable[Any]) -> None:
    """Compare each new version with the one before it for the same audience."""
    for job in made:
        from reachbook.engine import kept
        from reachbook.engine.difference import page as difference

        versions, _ = kept.versions(job.home)
        others = [each for each in versions if each.folder != job.folder]
        if others:
            try:
                newer = kept.intact(job.folder)
                before = next((each for each in others if each.audience == newer.audience), None)
                if before is not None:
                    difference.write(before, newer)
            except ReachbookError as error:
                told = mark("warning   {name}: cannot be compared with the version before it: {error}")
                print(tr(told, name=job.name, error=error), file=sys.stderr)


def _summary(jobs: int, waiting: int, failed: int) -> str:
    if not waiting:
        return tr("Everything is up to date.") if jobs else tr("There is nothing to make.")
    if failed:
        return tr("{made} of {waiting} made.", made=waiting - failed, waiting=waiting)
    return tr("{made} made, {rest} up to date.", made=waiting, rest=jobs - waiting)


def _validate(root: Path, options: Any) -> int:
    from reachbook.engine import plan, refusals
    from reachbook.study.data import Data, warned
    from reachbook.study.summary import summary

    planner = plan.Planner(root)
    chosen = [(file, Data(file)) for file in plan.studies(root, options.study or None)]
    jobs = plan.each(lambda each: _checked(planner, *each), chosen)
    for (file, data), planned in zip(chosen, jobs, strict=True):
        period = (file.spec.period.start.isoformat(), file.spec.period.end.isoformat())
        with using(file.spec.language):
            odd = [
                tr("warning   {name}: table {table}: {line}", name=file.name, table=table, line=line)
                for table, line in warned(data)
            ]
            doubted = [line for job in planned for line in refusals.doubts(job.file, job.notebook, job.tables)]
            odd += [tr("warning   {name}: {line}", name=file.name, line=line) for line in doubted]
            print(_valid(file.name, len(planned), data, len(odd)))
            _say(odd)
            for name in data:
                _say(summary(name, data[name], period))
            _say(_counted(data))
            _say(_parameter_cells(planned))
    return 0


def _valid(study: str, notebooks: int, data: Mapping[str, Any], warnings: int) -> str:
    """Say that a study can run, with the rows of its tables and how many warnings there are."""
    told = tr(
        "{study}: {n} notebook(s) can run, parameters and tables keep the rules; rows: {tables}",
        study=study,
        n=notebooks,
        tables=joined(f"{name} {data[name].rows:,}" for name in data),
    )
    return tr("{told}; {n} warning(s)", told=told, n=warnings) if warnings else told


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
    page = path.relative_to(root)
    print(tr("{before} → {after}: open {page}", before=before.name, after=after.name, page=page))
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
    print(tr("{file} · {size:,} bytes", file=path.relative_to(root), size=path.stat().st_size))
    return 0


def _prune(root: Path, options: Any) -> int:
    from reachbook.engine.archive import prune
    from reachbook.engine.shelf import page as shelf

    found = prune.plan(root, _whole("KEEP", options.keep, 1, 100_000), options.study)
    sure = prune.confirmed(options.yes)
    for version, reason in found.spared:
        print(tr("stays     {version}: {reason}", version=version.label, reason=reason))
    for version in found.removed:
        why = tr(": older than privacy.keep_days, which wins over reviews and references")
        gone = tr("removed   {version} of {day}", version=version.label, day=version.finished[:10])
        would = tr("would go  {version} of {day}", version=version.label, day=version.finished[:10])
        print((gone if sure else would) + (why if version in found.expired else ""))
        if sure:
            prune.remove(version)
    if sure and found.removed:
        _refresh(root)
        shelf.write(root)
    n, rest = len(found.removed), len(found.spared)
    gone = tr("{n} removed, {rest} older ones stay.", n=n, rest=rest)
    would = tr("{n} would go, {rest} older ones stay.", n=n, rest=rest)
    more = "" if sure or not n else tr("Nothing was removed: add YES=1 to remove them.")
    print(sentences(gone if sure else would, more))
    return 0


def _erase(root: Path, options: Any) -> int:
    from reachbook.engine.erasure.erase import erase
    from reachbook.engine.shelf import page as shelf

    _say(erase(root, options.study, options.ids, options.by))
    _refresh(root)
    shelf.write(root)
    return 0


def _privacy(root: Path, options: Any) -> int:
    from reachbook.engine.register import page as register
    from reachbook.engine.shelf import page as shelf

    path, gaps = register.write(root, options.study)
    shelf.write(root)
    _say(gaps)
    print(tr("Open {page}", page=path.relative_to(root)))
    return 0


def _refresh(root: Path) -> None:
    """Write the registers of processing anew that there are: versions have come or gone."""
    from reachbook import report_paths

    if report_paths.registers(root):
        from reachbook.engine.register import page as register

        for line in register.refresh(root):
            print(line, file=sys.stderr)


def _activate(root: Path, options: Any) -> int:
    from reachbook.activation.lists import Wish, activate

    wish = Wish(options.segment, options.version, options.suppress, options.until, options.holdout)
    _say(activate(root, options.study, wish))
    return 0


def _outcomes(root: Path, options: Any) -> int:
    from reachbook.activation.outcomes import outcomes

    _say(outcomes(root, options.study, options.version, options.start, options.days))
    return 0


def _serve(root: Path, options: Any) -> int:
    from reachbook.engine.shelf.serve import server

    port = _whole("PORT", options.port, 1, 65535)
    with server(root, port) as running:
        print(tr("http://127.0.0.1:{port}/ · Ctrl-C stops it", port=port), flush=True)
        running.serve_forever()
    return 0


def _whole(name: str, text: str, low: int, high: int) -> int:
    from reachbook.errors import ParamsError

    if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
        raise ParamsError(
            tr("{name}: {text!r} is not a whole number from {low} to {high}.", name=name, text=text, low=low, high=high)
        )
    return int(text)


def _verify(root: Path, options: Any) -> int:
    from reachbook.engine import pool
    from reachbook.engine.progress import Progress
    from reachbook.engine.verify import recorded, withdrawn

    workers = _whole("JOBS", options.jobs, 1, 1000)
    chosen = recorded(root, options.version)
    able = [job for job in chosen if not job.hindrance]
    for job in chosen:
        if job.hindrance:
            print(tr("not run   {name}: {why}", name=job.name, why=job.hindrance))
    gone = withdrawn(root) if options.version in ("", "all") else ()
    for line in gone:
        print(tr("withdrawn {line}", line=line))
    outcomes = pool.run(able, workers, Progress(root), "reachbook.engine.verify:verify")
    same = sum(not each.failure for each in outcomes)
    print(
        tr(
            "{same} of {n} gave the same bytes, {differ} differ, {rest} not run.",
            same=same,
            n=len(chosen),
            differ=len(able) - same,
            rest=len(chosen) - len(able),
        )
    )
    return 1 if same < len(able) or not (able or gone) else 0


def _lab(root: Path, options: Any) -> int:
    from reachbook.engine import kernel

    command = [sys.executable, "-m", "jupyterlab", f"--notebook-dir={root}", *options.more]
    os.execve(sys.executable, command, {**os.environ, **kernel.environment(root)})
