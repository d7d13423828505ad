#!/usr/bin/env bash
# Takes pictures of a report of ./compare, to be looked at: tools/scripts/picture.sh REPORT_FOLDER PICTURE_FOLDER
# As wide as a desk's window and a phone, light and dark, in pieces of 2,000 pixels from the top. Needs Chromium (CHROME_BIN).
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
source "$root/tools/scripts/prerequisites.sh"
source "$root/tools/scripts/built.sh"

if (($# != 2)) || [[ ! -f $1/report.html ]]; then
  echo "usage: $0 REPORT_FOLDER PICTURE_FOLDER; the first one holds a report.html" >&2
  exit 64
fi
require_java
require_built comparison-bench

# The browser of the tests, without the tests.
classes=$(mktemp -d)
trap 'rm -rf "$classes"' EXIT
"$(dirname "$JAVA")/javac" -proc:none -d "$classes" -cp "$CLASS_PATH" \
  "$root"/comparison-bench/src/test/java/io/anymq/bench/browser/*.java
"$JAVA" -cp "$classes:$CLASS_PATH" io.anymq.bench.browser.Pictures "$1/report.html" "$2"
