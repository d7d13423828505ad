package io.anymq.internal.config;

import io.anymq.Escape;
import io.anymq.spi.ConfigOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the settings under one prefix against their declared options and collects every mistake. */
final class OptionParser {
    private final String prefix;
    private final List<ConfigOption> options;
    private final Collection<String> otherKeys;
    private final List<String> problems;

    OptionParser(String prefix, List<ConfigOption> options, List<String> problems) {
        this(prefix, options, List.of(), problems);
    }

    /** {@code otherKeys} are further keys that a misspelt key may stand for. */
    OptionParser(String prefix, List<ConfigOption> options, Collection<String> otherKeys, List<String> problems) {
        this.prefix = prefix;
        this.options = options;
        this.otherKeys = otherKeys;
        this.problems = problems;
    }

    /** {@code settings} have full keys; all of them begin with the prefix. */
    ParsedOptions parse(SortedMap<String, Setting> settings) {
        Map<String, Object> values = new HashMap<>();
        Map<String, Map<String, String>> families = new HashMap<>();
        for (ConfigOption option : options) {
            if (option.type() != ConfigOption.Type.PASS_THROUGH && option.defaultValue() != null) {
                values.put(option.name(), OptionReader.read(option, option.defaultValue()));
            }
        }
        settings.forEach((key, setting) -> {
            String name = key.substring(prefix.length());
            ConfigOption option = find(options, name);
            if (option == null) {
                problems.add(unknown(key, setting, names()));
            } else if (option.type() == ConfigOption.Type.PASS_THROUGH) {
                String nativeName = name.substring(option.name().length());
                if (!option.choices().isEmpty() && !option.choices().contains(nativeName)) {
                    problems.add(unknown(
                            key,
                            setting,
                            option.choices().stream()
                                    .map(choice -> prefix + option.name() + choice)
                                    .toList()));
                } else {
                    families.computeIfAbsent(option.name(), family -> new TreeMap<>())
                            .put(nativeName, setting.value());
                }
            } else {
                try {
                    values.put(option.name(), OptionReader.read(option, setting.value()));
                } catch (IllegalArgumentException e) {
                    problems.add(key + (option.secret() ? "" : " = " + Escape.forLog(setting.value())) + " ("
                            + setting.origin() + ") " + e.getMessage() + "; it sets: " + option.description());
                }
            }
        });
        return new ParsedOptions(values, families);
    }

    /** The option of this name, or the family to which the name belongs. */
    static @Nullable ConfigOption find(List<ConfigOption> options, String name) {
        for (ConfigOption option : options) {
            boolean matches = option.type() == ConfigOption.Type.PASS_THROUGH
                    ? name.startsWith(option.name())
                            && name.length() > option.name().length()
                    : name.equals(option.name());
            if (matches) {
                return option;
            }
        }
        return null;
    }

    private List<String> names() {
        List<String> names = new ArrayList<>(otherKeys);
        for (ConfigOption option : options) {
            names.add(prefix + option.name());
        }
        return names;
    }

    private String unknown(String key, Setting setting, List<String> known) {
        String what = setting.isFromUrl()
                ? "unknown parameter (" + setting.origin() + ")"
                : "unknown key " + Escape.forLog(key) + " (" + setting.origin() + ")";
        return what
                + NearestKey.to(key, known)
                        .map(nearest -> ": did you mean " + nearest + "?")
                        .orElseGet(() -> cureOf(key));
    }

    private String cureOf(String key) {
        if (!prefix.equals(Settings.PREFIX)) {
            return options.stream()
                    .map(option ->
                            option.type() == ConfigOption.Type.PASS_THROUGH ? option.name() + "*" : option.name())
                    .sorted()
                    .collect(Collectors.joining(", ", ": the options of " + prefix + "* are ", ""));
        }
        int dot = key.indexOf('.', Settings.PREFIX.length());
        return dot < 0
                ? ""
                : ": nothing on the class path reads " + Escape.forLog(key.substring(0, dot + 1))
                        + "*; add the jar of its module or adapter, or remove the key";
    }
}
