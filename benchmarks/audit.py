"""Say in a few lines what pip-audit, whose JSON comes in, knows of the packages of requirements.lock: `make audit`.

pip-audit ends well too where it could ask for no package at all, as behind a mirror that keeps no list of known faults:
that is no audit, and is said.
"""

import json
import sys


def lines(report: str) -> tuple[list[str], int]:
    """What to print, and the exit code: 1 where a fault is known, 2 where nothing could be asked."""
    try:
        packages = json.loads(report)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return ["Not audited: pip-audit could not reach the list of known faults. Run it where the network allows."], 2
    skipped = [each for each in packages if "skip_reason" in each]
    faults = [
        f"{each['name']} {each['version']}: {fault['id']}, mended in {', '.join(fault['fix_versions']) or 'no version'}"
        for each in packages
        for fault in each.get("vulns", ())
    ]
    asked = len(packages) - len(skipped)
    if not asked:
        return [f"Not audited: the package index knows no faults of any of {len(packages)} packages."], 2
    known = f"{asked} of {len(packages)} packages asked, {len(faults)} known faults"
    return [*faults, known + (f"; not asked: {', '.join(each['name'] for each in skipped)}" if skipped else "")], bool(
        faults
    )


if __name__ == "__main__":
    said, code = lines(sys.stdin.read())
    print("\n".join(said))
    sys.exit(code)
