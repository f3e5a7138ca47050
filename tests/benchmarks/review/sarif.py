"""Our SARIF against the standard's own JSON schema, which OASIS publishes with SARIF 2.1.0.

python tests/benchmarks/review/sarif.py sarif-schema-2.1.0.json REPOSITORY [RANGE]
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import jsonschema

from qcode import review


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("schema", type=Path)
    parser.add_argument("repository", type=Path)
    parser.add_argument("what", nargs="?", default="staged")
    given = parser.parse_args()
    schema = json.loads(given.schema.read_text())
    report = review.review(given.repository.resolve(), given.what)
    checker = jsonschema.validators.validator_for(schema)(schema, format_checker=jsonschema.FormatChecker())
    errors = list(checker.iter_errors(json.loads(review.FORMATS["sarif"](report))))
    for error in errors:
        print(f"{error.json_path}: {error.message}")
    print(f"{len(report.findings)} results, {len(errors)} errors against the schema")
    raise SystemExit(1 if errors else 0)


if __name__ == "__main__":
    main()
