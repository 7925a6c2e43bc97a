#!/usr/bin/env bash
# What the CI of this project runs.
set -euo pipefail
cd "$(dirname "$0")"
actcheck run --strict --report report.json --report report.xml --report report.md
python -m pytest -q --actcheck --junitxml=tests.xml
