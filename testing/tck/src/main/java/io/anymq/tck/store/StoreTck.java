package io.anymq.tck.store;

import io.anymq.tck.RuleResult;
import io.anymq.tck.Specification;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.opentest4j.TestAbortedException;

/**
 * Runs the rules for idempotency stores.
 *
 * <pre>{@code
 * RuleResult result = StoreTck.run(harness, "STO-1");
 * }</pre>
 */
public final class StoreTck {
    private static final Specification SPECIFICATION = Specification.load();
    private static final Map<String, Method> RULES = rules();

    private StoreTck() {}

    private static Map<String, Method> rules() {
        Map<String, Method> found = new LinkedHashMap<>();
        for (Method method : StoreRules.class.getDeclaredMethods()) {
            StoreRule rule = method.getAnnotation(StoreRule.class);
            if (rule != null && found.put(rule.id(), method) != null) {
                throw new IllegalStateException(rule.id() + " is verified twice");
            }
        }
        Map<String, Method> ordered = new LinkedHashMap<>();
        for (Specification.Entry entry : SPECIFICATION.entries()) {
            Method method = found.remove(entry.id());
            if (method != null) {
                ordered.put(entry.id(), method);
            }
        }
        if (!found.isEmpty()) {
            throw new IllegalStateException("the specification does not have " + found.keySet());
        }
        return ordered;
    }

    /** The numbers of all rules for stores that the kit verifies, in the order of the specification. */
    public static List<String> ruleIds() {
        return List.copyOf(RULES.keySet());
    }

    /** The rule's number and sentence. */
    static String title(String id) {
        return id + " " + sentence(id);
    }

    private static String sentence(String id) {
        return SPECIFICATION.entry(id).orElseThrow().sentence();
    }

    /** Runs all rules, one after another; rules that fail do not throw. */
    public static List<RuleResult> run(StoreHarness harness) {
        List<RuleResult> results = new ArrayList<>();
        for (String id : RULES.keySet()) {
            results.add(run(harness, id));
        }
        return results;
    }

    /**
     * Runs one rule; if it fails, that is in the result.
     *
     * @throws IllegalArgumentException if the kit verifies no such rule
     */
    public static RuleResult run(StoreHarness harness, String id) {
        Method method = RULES.get(id);
        if (method == null) {
            throw new IllegalArgumentException(
                    "'" + id + "' is not a rule that the store kit verifies; it verifies " + RULES.keySet());
        }
        long start = System.nanoTime();
        try (StoreContext context = new StoreContext(harness)) {
            method.setAccessible(true);
            method.invoke(new StoreRules(), context);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof TestAbortedException skipped) {
                return new RuleResult(
                        id,
                        sentence(id),
                        RuleResult.Status.SKIPPED,
                        String.valueOf(skipped.getMessage()),
                        null,
                        Duration.ofNanos(System.nanoTime() - start));
            }
            return failed(id, method, e.getCause() == null ? e : e.getCause(), start);
        } catch (Throwable e) {
            return failed(id, method, e, start);
        }
        return new RuleResult(
                id, sentence(id), RuleResult.Status.PASSED, "", null, Duration.ofNanos(System.nanoTime() - start));
    }

    private static RuleResult failed(String id, Method method, Throwable failure, long start) {
        String detail = id + ": " + sentence(id) + "\n  check: "
                + method.getAnnotation(StoreRule.class).check() + "\n  found: " + failure;
        return new RuleResult(
                id,
                sentence(id),
                RuleResult.Status.FAILED,
                detail,
                failure,
                Duration.ofNanos(System.nanoTime() - start));
    }
}
