#!/usr/bin/env bash
# Takes pictures of a report of ./compare, to be looked at: tools/scripts/picture.sh REPORT_FOLDER PICTURE_FOLDER
# As wide as a desk's window and a phone, light and dark, in pieces of 2,000 pixels from the top. Needs Chromium (CHROME_BIN).
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
source "$root/tools/scripts/prerequisites.sh"
source "$root/tools/scripts/chromium.sh"

if (($# != 2)) || [[ ! -f $1/report.html ]]; then
  echo "usage: $0 REPORT_FOLDER PICTURE_FOLDER; the first one holds a report.html" >&2
  exit 64
fi
program=$(chromium_program) || fail "Chromium is missing: install it, or set CHROME_BIN to a Chromium or Chrome."
readonly HEIGHT=2000
frame=file://$root/comparison-bench/src/test/resources/io/anymq/bench/report/frame.html
report=file://$(cd "$1" && pwd)/report.html
mkdir -p "$2"
pictures=$(cd "$2" && pwd)
profile=$(mktemp -d)
trap 'rm -rf "$profile"' EXIT

# show WIDTH SCHEME TOP FILE: a picture of what is there, and on standard output how high the whole page is.
show() {
  "$program" --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --disable-background-networking --hide-scrollbars \
    --allow-file-access-from-files --force-prefers-reduced-motion --user-data-dir="$profile" \
    --window-size="$1,$HEIGHT" --blink-settings=preferredColorScheme="$2" --screenshot="$4" \
    --dump-dom "$frame#$report,$1,$(($3 + HEIGHT)),$3" 2>"$profile/log" | sed -n 's/.*%22height%22%3A\([0-9]*\).*/\1/p'
}

for device in desk:1280 phone:390; do
  for scheme in dark:0 light:1; do
    whole=$HEIGHT
    for ((top = 0, number = 1; top < whole; top += HEIGHT, number++)); do
      file=$(printf '%s/%s-%s-%02d.png' "$pictures" "${device%:*}" "${scheme%:*}" "$number")
      whole=$(show "${device#*:}" "${scheme#*:}" "$top" "$file")
      [[ -n $whole ]] || fail "Chromium could not show $report: $(tail -n 3 "$profile/log")"
      echo "$file"
    done
  done
done
