# Sourced by the commands: require_built <module> builds a module if it is not there or older than any source, and sets
# CLASS_PATH. Needs $root.

is_current() {
  local stamp=$1 class_path=$2
  [[ -f $stamp && -s $class_path ]] || return 1
  # Folders count as well as files, so that a deleted source is noticed, too.
  [[ -z $(find "$root" -name target -prune -o \( -name pom.xml -o -path '*/src/main/*' \) -newer "$stamp" -print | head -n 1) ]] \
    || return 1
  local entry entries
  IFS=: read -r -a entries <"$class_path"
  for entry in "${entries[@]}"; do
    [[ -e $entry ]] || return 1
  done
}

require_built() {
  local module=$1 target=$root/$1/target
  if ! is_current "$target/built.stamp" "$target/classpath"; then
    require_maven
    echo 'building AnyMQ (first run takes a minute or two)…' >&2
    mkdir -p "$target"
    touch "$target/built.stamp.new"
    (cd "$root" && mvn --batch-mode --quiet -Dmaven.test.skip=true -pl "$module" -am package) >&2 \
      || fail "the build failed; its messages are above."
    mv "$target/built.stamp.new" "$target/built.stamp"
  fi
  CLASS_PATH=$target/classes:$(<"$target/classpath")
}
