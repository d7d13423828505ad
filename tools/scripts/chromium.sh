# Sourced by tools/scripts/brokers.sh: gets the browser in which the benchmark's report is looked at.

# Where the test looks for it, too.
chromium_program() {
  local name
  if [[ -n ${CHROME_BIN:-} ]]; then
    [[ -x $CHROME_BIN ]] || fail "CHROME_BIN is $CHROME_BIN, which is no program. Point it to a Chromium, or unset it."
    printf '%s' "$CHROME_BIN"
    return 0
  fi
  for name in chromium chromium-browser google-chrome google-chrome-stable; do
    command -v "$name" && return 0
  done
  return 1
}

require_chromium() {
  if chromium_program >/dev/null; then
    return
  fi
  local as_root=()
  if ((EUID != 0)); then
    as_root=(sudo -n)
  fi
  if command -v apt-get >/dev/null && { ((EUID == 0)) || sudo -n true 2>/dev/null; }; then
    if install_chromium_package && chromium_program >/dev/null; then
      say "Chromium: installed the package chromium $(dpkg-query -W -f '${Version}' chromium) with apt-get." \
        "Remove it with: apt-get purge chromium"
      return
    fi
    say "Chromium: apt-get could not install chromium; its messages are above."
  fi
  fail "Chromium is missing, and could not be installed (apt-get as root or with sudo).
The benchmark's report is looked at in it. Do one of these, then try again:
  - install it: apt-get install --no-install-recommends chromium (or brew install chromium);
  - name a Chromium or Chrome that is elsewhere: CHROME_BIN=/path/to/program;
  - leave its tests out, which the run will say: ANYMQ_WITHOUT=chromium $0"
}

install_chromium_package() {
  say "Chromium: not found on this machine; installing the package chromium (about 30 s)…"
  local apt=(${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get -q -y)
  "${apt[@]}" install --no-install-recommends chromium >&2 \
    || { "${apt[@]}" update >&2 && "${apt[@]}" install --no-install-recommends chromium >&2; }
}
