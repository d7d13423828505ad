# Sourced by ./verify, which checks that each command in a document stands in one of the lists below, and by
# tools/documented-commands, which runs those of the first list exactly as they are written. Needs $root.

readonly COMMAND='(\./|mvn |testing/(micro|simulate)( |$)|tools/release|examples/run |[A-Z_]+=[^ `]+ \./|\(?cd )'

# In this order: some need what others leave.
readonly DOCUMENTED_AND_RUN="\
mvn install -DskipTests
cd examples/adapter-files && mvn verify
(cd examples/adapter-files && mvn install -DskipTests)
(cd examples/bench-files && mvn verify)
mvn test -pl mq-api -Dtest=RetryPolicyTest
examples/run hello-world
examples/run async-email
examples/run user-registration
./compare --help
./compare list
./compare plan --brokers kafka --profile full
./compare
./compare report
./compare report target/compare
./compare --with examples/adapter-files/target/classes:examples/bench-files/target/classes --brokers inmemory,files
testing/simulate 4711"

# The command, two spaces or more, and why it is not run here.
readonly DOCUMENTED_ONLY="\
./verify                                                  is this very run
ANYMQ_WITHOUT=rabbitmq,chromium ./verify                  tests less than this run
ANYMQ_WITHOUT=disk ./verify                               tests less than this run
./verify -Dmutation.count=10000                           a longer form of this run
mvn verify                                                is the first part of this run
mvn verify -DskipITs                                      is a part of mvn verify
mvn verify -pl adapter-kafka -am                          is a part of mvn verify
mvn verify -Dtck.rules=SND,LIM,CFG                        is a part of the sample adapter's mvn verify
mvn test -pl testing/simulation -am                       is a part of mvn verify
mvn verify -pl examples/spring-boot,testing/spring-boot-next -am  is a part of mvn verify
mvn package -DskipTests -pl examples/spring-boot -am      is a part of mvn install -DskipTests
mvn spotless:apply                                        would change sources; mvn verify runs spotless:check
mvn install -DskipTests -pl bom,testing/tck,comparison-bench -am  is a part of mvn install -DskipTests
mvn install -Prelease -DskipTests                         takes minutes; tools/release builds the same
mvn package -Prelease -DskipTests                         takes minutes; tools/release builds the same
mvn verify -Prelease -DskipTests                          takes minutes; tools/release builds the same
mvn verify -DskipTests -Dapi.baseline=0.1.0               needs a release
tools/release                                             takes a version
tools/release 0.1.0                                       takes a quarter of an hour; made before a release
mvn verify -pl testing/local-brokers -Dit.test=KafkaContainerCheck  needs a Docker engine
mvn test -pl testing/history -Dtest=GoodHistoriesTest \"-Dtest.jvm.args=-Xmx1g -Dhistory.seeds=30000\"  a longer form of what mvn verify runs
testing/simulate 10001 100000                             a longer form of what mvn verify runs
testing/simulate 10001 1000000                            a longer form of what mvn verify runs
testing/simulate --user-faults 1 10000                    a longer form of what mvn verify runs
testing/simulate --operators 1 10000                      a longer form of what mvn verify runs
testing/micro                                             takes eight minutes; mvn verify runs each benchmark once
testing/micro --profile full                              takes 36 minutes
testing/micro --only 'AnyMQ|Array'                        a part of testing/micro
testing/micro --only 'AnyMQ in-memory\$' --hot-spots      a part of testing/micro
testing/micro --profile full --only 'AnyMQ in-memory(\$|, (meters|obs|Open))'  a part of testing/micro --profile full
examples/run async-email kafka://localhost:9092           needs a broker there; mvn verify runs the examples on each
./compare --brokers all --profile quick                   takes a quarter of an hour; mvn verify runs a shorter one
./compare doctor --brokers all                            measures a quiet machine, which this one is not now
./compare compare before after                            needs two reports; mvn verify compares some
./compare run --brokers activemq,artemis --scenarios overhead,latency  takes minutes
./compare run --brokers rabbitmq --scenarios overhead --profile full  takes minutes
./compare list --with my-adapter.jar:my-bench.jar         has the reader's own names; the sample's are run
./compare --with my-adapter.jar:my-bench.jar --brokers inmemory,mine --profile quick  has the reader's own names
./compare --with                                          is explained where it stands
testing/simulate                                          is explained where it stands"

# Blocks of code by indentation or fences, and commands in running text; without comments.
documented_commands() {
  local document
  for document in "$root"/{README,CONTRIBUTING,SECURITY}.md "$root"/docs/*.md "$root"/docs/brokers/*.md \
    "$root"/examples/*/README.md; do
    sed -nE "s#^    ($COMMAND.*)\$#\1#p" "$document"
    awk '/^```(bash|sh)?$/ { code = !code; next } code' "$document" | grep -E "^$COMMAND" || true
    { grep -oE '`[^`]+`' "$document" | tr -d '`' | grep -E "^$COMMAND"; } || true
  done | sed -E 's/ +#.*//; s/ +$//' | sort -u
}

# Every command of the documents stands in one of the lists, and nothing else does.
check_documented_commands() {
  local listed
  listed=$(printf '%s\n%s\n' "$DOCUMENTED_AND_RUN" "$(sed -E 's/   *[^ ].*//; s/ +$//' <<<"$DOCUMENTED_ONLY")" | sort)
  diff <(documented_commands) <(printf '%s\n' "$listed") >&2 && return
  say "The documents name other commands (<) than tools/scripts/documented-commands.sh (>). List each there:" \
    "to be run, or with the reason why not."
  return 1
}

run_documented_commands() {
  local command log start
  log=$(mktemp)
  while read -r command; do
    start=$SECONDS
    if ! (cd "$root" && bash -c "$command") >"$log" 2>&1 </dev/null; then
      tail -n 100 "$log" >&2
      say "FAILED as documented: $command; the end of its output is above."
      rm -f "$log"
      return 1
    fi
    grep -E '^\[[A-Z]+\] Tests run: .*[0-9]$' "$log" || true
    say "as documented, $((SECONDS - start)) s: $command"
  done <<<"$DOCUMENTED_AND_RUN"
  rm -f "$log"
}
