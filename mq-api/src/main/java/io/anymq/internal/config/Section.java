package io.anymq.internal.config;

import io.anymq.Escape;
import io.anymq.internal.support.Failures;
import io.anymq.spi.BrokerAdapter;
import io.anymq.spi.ConfigModule;
import io.anymq.spi.ConfigOption;
import io.anymq.spi.ConfigValues;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The keys under one prefix, and whose they are: an adapter's or a module's. */
record Section(
        String prefix,
        String owner,
        List<ConfigOption> options,
        @Nullable BrokerAdapter adapter,
        @Nullable ConfigModule module) {
    private static final int MAX_PREFIX = 64;

    /** Null, with a problem added, if the adapter's description of itself is unusable. */
    static @Nullable Section of(BrokerAdapter adapter, List<String> problems) {
        String owner = "adapter " + adapter.getClass().getName();
        return of(owner, adapter::scheme, "scheme()", () -> copy(adapter.options()), adapter, null, problems);
    }

    /** Null, with a problem added, if the module's description of itself is unusable. */
    static @Nullable Section of(ConfigModule module, List<String> problems) {
        String owner = "configuration module " + module.getClass().getName();
        return of(owner, module::prefix, "prefix()", () -> copy(module.options()), null, module, problems);
    }

    private static @Nullable Section of(
            String owner,
            Supplier<String> prefixOf,
            String prefixMethod,
            Supplier<List<ConfigOption>> optionsOf,
            @Nullable BrokerAdapter adapter,
            @Nullable ConfigModule module,
            List<String> problems) {
        String prefix = ask(owner, prefixMethod, prefixOf, problems);
        List<ConfigOption> options = ask(owner, "options()", optionsOf, problems);
        if (prefix == null || options == null) {
            return null;
        }
        if (!isLegal(prefix)) {
            problems.add(owner + ": " + prefixMethod + " must be 1 to " + MAX_PREFIX
                    + " characters of a-z, 0-9 and -, starting with a letter, but was"
                    + " '" + Escape.forLog(prefix) + "'; correct the class");
            return null;
        }
        return isUsable(owner, options, problems) ? new Section(prefix, owner, options, adapter, module) : null;
    }

    private static boolean isLegal(String prefix) {
        return !prefix.isEmpty()
                && prefix.length() <= MAX_PREFIX
                && prefix.charAt(0) >= 'a'
                && prefix.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-');
    }

    private static boolean isUsable(String owner, List<ConfigOption> options, List<String> problems) {
        Set<String> names = new HashSet<>();
        for (ConfigOption option : options) {
            if (option == null) {
                problems.add(owner + ": options() must not contain null; correct the class");
                return false;
            }
            if (!names.add(option.name())) {
                problems.add(owner + ": options() must not declare two options named '" + Escape.forLog(option.name())
                        + "'; correct the class");
                return false;
            }
            try {
                if (option.defaultValue() != null) {
                    OptionReader.read(option, option.defaultValue());
                }
            } catch (IllegalArgumentException e) {
                problems.add(owner + ": the default of option '" + Escape.forLog(option.name()) + "' " + e.getMessage()
                        + "; correct the class");
                return false;
            }
        }
        return true;
    }

    /** The owner's checks beyond single options; only for a module. */
    void validate(ConfigValues values, List<String> problems) {
        if (module != null) {
            problems.addAll(mistakes(owner, () -> module.validate(values)));
        }
    }

    /** The result of {@code validate}; one problem if it threw or returned null. */
    static List<String> mistakes(String owner, Supplier<List<String>> validate) {
        List<String> problems = new ArrayList<>();
        List<String> mistakes = ask(owner, "validate(…)", () -> copy(validate.get()), problems);
        if (mistakes != null) {
            mistakes.forEach(mistake -> problems.add(String.valueOf(mistake)));
        }
        return problems;
    }

    /** Of a list that may fail as well. */
    private static <E> @Nullable List<E> copy(@Nullable List<E> given) {
        return given == null ? null : new ArrayList<>(given);
    }

    private static <V> @Nullable V ask(
            String owner, String method, Supplier<? extends @Nullable V> question, List<String> problems) {
        try {
            V answer = question.get();
            if (answer == null) {
                problems.add(
                        owner + ": " + method + " returned null; correct the class or take its jar off the class path");
            }
            return answer;
        } catch (Throwable e) {
            problems.add(owner + ": " + method + " threw " + Escape.forLog(Failures.text(e))
                    + "; correct the class or take its jar off the class path");
            return null;
        }
    }
}
