package io.anymq.tck;

import io.anymq.spi.Capabilities;
import io.anymq.spi.Capability;
import io.anymq.tck.wrap.DirectAdapter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Runs the rules against one broker.
 *
 * <pre>{@code
 * ConformanceReport report = Tck.run(harness, rule -> rule.startsWith("ORD-"));
 * }</pre>
 */
public final class Tck {
    private static final String ELSEWHERE =
            "the engine keeps it without the adapter: verified on the embedded broker, and here with -Dtck.rules=ALL";

    private final BrokerHarness harness;
    private final Capabilities capabilities;

    private Tck(BrokerHarness harness, Capabilities capabilities) {
        this.harness = harness;
        this.capabilities = capabilities;
    }

    /**
     * Runs the rules whose number is selected, those of the engine, too, and returns when all have ended; rules that fail
     * do not throw.
     */
    public static ConformanceReport run(BrokerHarness harness, Predicate<String> selection) {
        List<RuleCase> cases = RuleBook.cases(Specification.load()).stream()
                .filter(rule -> selection.test(rule.id()))
                .toList();
        try (Run run = start(harness, cases, List.of())) {
            return run.report();
        }
    }

    /** Starts the selected rules; the results come one by one. */
    static Run start(BrokerHarness harness, RuleSelection selection) {
        List<RuleCase> all = RuleBook.cases(Specification.load());
        return start(
                harness,
                all.stream().filter(selection).toList(),
                all.stream().filter(selection::leavesToTheEngine).toList());
    }

    private static Run start(BrokerHarness harness, List<RuleCase> cases, List<RuleCase> engineRules) {
        Capabilities capabilities =
                DirectAdapter.find(harness.url(), harness.settings()).capabilities();
        return new Run(new Tck(harness, capabilities), cases, engineRules);
    }

    /** Running rules. */
    static final class Run implements AutoCloseable {
        private final String adapter;
        private final Capabilities capabilities;
        private final ExecutorService executor;
        private final Map<RuleCase, Future<RuleResult>> results = new LinkedHashMap<>();
        private final List<RuleCase> engineRules;

        private Run(Tck tck, List<RuleCase> cases, List<RuleCase> engineRules) {
            this.engineRules = engineRules;
            adapter = tck.harness.name();
            capabilities = tck.capabilities;
            int threads = Math.max(1, Math.min(16, tck.harness.parallelism()));
            executor = Executors.newFixedThreadPool(threads, task -> {
                Thread thread = new Thread(task, "tck-rule");
                thread.setDaemon(true);
                return thread;
            });
            Map<RuleCase, Future<RuleResult>> submitted = new HashMap<>();
            List<Future<RuleResult>> before = List.of();
            for (List<RuleCase> stage : stages(cases)) {
                List<Future<RuleResult>> previous = before;
                List<Future<RuleResult>> current = new ArrayList<>();
                for (RuleCase rule : stage) {
                    Future<RuleResult> future = executor.submit(() -> {
                        for (Future<RuleResult> earlier : previous) {
                            earlier.get();
                        }
                        return tck.judge(rule);
                    });
                    current.add(future);
                    submitted.put(rule, future);
                }
                before = current;
            }
            for (RuleCase rule : cases) {
                results.put(rule, Objects.requireNonNull(submitted.get(rule)));
            }
        }

        /**
         * Rules that break the broker come first, while there is little in it that takes time to recover; then all that
         * can run side by side; then what looks at the whole process.
         */
        private static List<List<RuleCase>> stages(List<RuleCase> cases) {
            List<List<RuleCase>> stages = new ArrayList<>();
            cases.stream()
                    .filter(rule -> rule.rule().alone() && rule.rule().faults().length > 0)
                    .forEach(rule -> stages.add(List.of(rule)));
            stages.add(cases.stream().filter(rule -> !rule.rule().alone()).toList());
            cases.stream()
                    .filter(rule -> rule.rule().alone() && rule.rule().faults().length == 0)
                    .forEach(rule -> stages.add(List.of(rule)));
            stages.removeIf(List::isEmpty);
            return stages;
        }

        List<RuleCase> cases() {
            return List.copyOf(results.keySet());
        }

        RuleResult result(RuleCase rule) {
            Future<RuleResult> future = results.get(rule);
            if (future == null) {
                throw new IllegalArgumentException(rule + " is not part of this run");
            }
            try {
                return future.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException(rule + " could not be judged", e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while " + rule.id() + " ran", e);
            }
        }

        ConformanceReport report() {
            List<RuleResult> all =
                    new ArrayList<>(cases().stream().map(this::result).toList());
            engineRules.forEach(rule -> all.add(Tck.result(rule, RuleResult.Status.ENGINE, ELSEWHERE, null, 0)));
            return new ConformanceReport(adapter, capabilities, all);
        }

        @Override
        public void close() {
            executor.shutdownNow();
        }
    }

    private RuleResult judge(RuleCase rule) {
        String missing = missing(rule.rule());
        if (!missing.isEmpty()) {
            return result(rule, RuleResult.Status.SKIPPED, missing, null, 0);
        }
        long start = System.nanoTime();
        try (TckContext context = new TckContext(harness, capabilities, rule.rule())) {
            rule.verify(context);
            context.checkHistory();
        } catch (NotApplicable e) {
            return result(rule, RuleResult.Status.SKIPPED, e.reason(), null, System.nanoTime() - start);
        } catch (Throwable e) {
            return failed(rule, e, System.nanoTime() - start);
        }
        return result(rule, RuleResult.Status.PASSED, "", null, System.nanoTime() - start);
    }

    private static RuleResult failed(RuleCase rule, Throwable failure, long nanos) {
        String message =
                rule.id() + ": " + rule.sentence() + "\n  check: " + rule.rule().check() + "\n  found: " + failure;
        return result(rule, RuleResult.Status.FAILED, message, failure, nanos);
    }

    private static RuleResult result(
            RuleCase rule, RuleResult.Status status, String detail, @Nullable Throwable failure, long nanos) {
        return new RuleResult(rule.id(), rule.sentence(), status, detail, failure, Duration.ofNanos(nanos));
    }

    private String missing(Rule rule) {
        for (Capability capability : rule.needs()) {
            if (!capabilities.has(capability)) {
                return harness.name() + " declares " + capability + " as UNSUPPORTED";
            }
        }
        for (Fault fault : rule.faults()) {
            if (!harness.faults().contains(fault)) {
                return "the harness for " + harness.name() + " cannot make the fault " + fault;
            }
        }
        return "";
    }
}
