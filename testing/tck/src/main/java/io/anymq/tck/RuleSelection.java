package io.anymq.tck;

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * The selection of rules to run: {@code ORD-1,DLQ} is rule ORD-1 and the whole group DLQ, and {@code ALL} is every rule;
 * nothing at all is every rule in which an adapter has a part. Immutable.
 */
final class RuleSelection implements Predicate<RuleCase> {
    /** Selects every rule, also those of the engine. */
    static final String ALL = "ALL";

    private final String text;
    private final List<String> names;

    private RuleSelection(String text, List<String> names) {
        this.text = text;
        this.names = names;
    }

    /** Throws {@link IllegalArgumentException} if a name is neither a rule's nor a group's: it would select nothing. */
    static RuleSelection parse(String text, List<RuleCase> rules) {
        List<String> names = Arrays.stream(text.split(","))
                .map(String::trim)
                .filter(name -> !name.isEmpty())
                .toList();
        for (String name : names) {
            if (rules.stream().noneMatch(rule -> matches(rule, name))) {
                throw new IllegalArgumentException("'" + name + "' is neither a rule nor a group of rules that the kit "
                        + "verifies; write ORD-1 for one rule, ORD for its group, and commas between them, or ALL");
            }
        }
        return new RuleSelection(text, names);
    }

    private static boolean matches(RuleCase rule, String name) {
        return name.equals(ALL) || rule.id().equals(name) || rule.id().startsWith(name + "-");
    }

    @Override
    public boolean test(RuleCase rule) {
        return names.isEmpty() ? !rule.isEngineRule() : names.stream().anyMatch(name -> matches(rule, name));
    }

    /** Whether it leaves a rule out because the rule is verified elsewhere, and not because others were asked for. */
    boolean leavesToTheEngine(RuleCase rule) {
        return names.isEmpty() && rule.isEngineRule();
    }

    @Override
    public String toString() {
        return names.isEmpty() ? "all rules in which an adapter has a part" : text;
    }
}
