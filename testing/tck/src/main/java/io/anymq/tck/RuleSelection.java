package io.anymq.tck;

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * The selection of rules to run: {@code ORD-1,DLQ} is rule ORD-1 and the whole group DLQ; nothing at all is every rule.
 * Immutable.
 */
final class RuleSelection implements Predicate<String> {
    private final String text;
    private final List<String> names;

    private RuleSelection(String text, List<String> names) {
        this.text = text;
        this.names = names;
    }

    /** Throws {@link IllegalArgumentException} if a name is neither a rule's nor a group's: it would select nothing. */
    static RuleSelection parse(String text, List<String> rules) {
        List<String> names = Arrays.stream(text.split(","))
                .map(String::trim)
                .filter(name -> !name.isEmpty())
                .toList();
        for (String name : names) {
            if (rules.stream().noneMatch(rule -> matches(rule, name))) {
                throw new IllegalArgumentException("'" + name + "' is neither a rule nor a group of rules that the kit "
                        + "verifies; write ORD-1 for one rule, ORD for its group, and commas between them");
            }
        }
        return new RuleSelection(text, names);
    }

    private static boolean matches(String rule, String name) {
        return rule.equals(name) || rule.startsWith(name + "-");
    }

    @Override
    public boolean test(String rule) {
        return names.isEmpty() || names.stream().anyMatch(name -> matches(rule, name));
    }

    @Override
    public String toString() {
        return names.isEmpty() ? "all rules" : text;
    }
}
