# Sourced by the commands: sets JAVA, and stops with a clear message if the JDK or Maven is missing or too old.

readonly MIN_JAVA=17
readonly MIN_MAVEN=3.8.7

fail() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# "17.0.15" → 17, "1.8.0_402" → 8, "26-ea" → 26
java_major() {
  local version
  version=$("$1" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.specification\.version = //p' || true)
  printf '%s' "${version#1.}"
}

require_java() {
  if [[ -n ${JAVA_HOME:-} ]]; then
    JAVA=$JAVA_HOME/bin/java
    [[ -x $JAVA ]] || fail "JAVA_HOME is $JAVA_HOME, but there is no $JAVA. Point JAVA_HOME to a JDK $MIN_JAVA or newer."
  else
    JAVA=$(command -v java) || fail "java was not found. Install JDK $MIN_JAVA or newer and put it on the PATH, or set JAVA_HOME."
  fi
  local major
  major=$(java_major "$JAVA")
  [[ $major =~ ^[0-9]+$ ]] || fail "$JAVA did not tell its version. Point JAVA_HOME to a JDK $MIN_JAVA or newer."
  ((major >= MIN_JAVA)) || fail "JDK $MIN_JAVA or newer is needed, but $JAVA is $major. Point JAVA_HOME to a newer one."
}

require_maven() {
  command -v mvn >/dev/null || fail "mvn was not found. Install Maven $MIN_MAVEN or newer and put it on the PATH."
  if [[ -n ${JAVA_HOME:-} ]]; then
    [[ -x $JAVA_HOME/bin/javac ]] || fail "$JAVA_HOME has no javac: it is a JRE. Point JAVA_HOME to a JDK $MIN_JAVA or newer."
  else
    command -v javac >/dev/null || fail "javac was not found: a JDK is needed, not a JRE. Point JAVA_HOME to a JDK $MIN_JAVA or newer."
  fi
  local version
  version=$(mvn --batch-mode --version 2>&1 | sed -n 's/.*Apache Maven \([0-9][0-9.]*\).*/\1/p' | head -n 1 || true)
  [[ -n $version ]] || fail "mvn did not tell its version; 'mvn --version' shows why."
  [[ $(printf '%s\n%s\n' "$MIN_MAVEN" "$version" | sort -V | head -n 1) == "$MIN_MAVEN" ]] \
    || fail "Maven $MIN_MAVEN or newer is needed, but $(command -v mvn) is $version."
}

source "$(dirname "${BASH_SOURCE[0]}")/brokers.sh"
