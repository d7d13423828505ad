package io.anymq.internal.config;

import io.anymq.internal.support.Services;
import io.anymq.spi.BrokerAdapter;
import io.anymq.spi.ConfigModule;
import io.anymq.spi.ConfigOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The owners of keys: adapters given in code, adapters and modules on the class path, each under its own prefix. */
public final class Sections {
    private final SortedMap<String, Section> byPrefix = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();
    private final KnownPrefixes known;

    private Sections(KnownPrefixes known) {
        this.known = known;
    }

    /** Everything on the class path, and these adapters, which take precedence over those of the same scheme there. */
    public static Sections load(List<BrokerAdapter> given) {
        List<String> unloadable = new ArrayList<>();
        List<BrokerAdapter> adapters =
                Services.load(ServiceLoader.load(BrokerAdapter.class).iterator(), unloadable);
        List<ConfigModule> modules =
                Services.load(ServiceLoader.load(ConfigModule.class).iterator(), unloadable);
        Sections sections = of(given, adapters, modules);
        sections.problems.addAll(0, unloadable);
        return sections;
    }

    static Sections of(List<BrokerAdapter> given, List<BrokerAdapter> found, List<ConfigModule> modules) {
        Sections sections = new Sections(KnownPrefixes.load());
        given.forEach(adapter -> sections.add(Section.of(adapter, sections.problems)));
        Set<String> preferred = Set.copyOf(sections.byPrefix.keySet());
        for (BrokerAdapter adapter : found) {
            Section section = Section.of(adapter, sections.problems);
            if (section == null || !preferred.contains(section.prefix())) {
                sections.add(section);
            }
        }
        modules.forEach(module -> sections.add(Section.of(module, sections.problems)));
        return sections;
    }

    private void add(@Nullable Section section) {
        if (section == null) {
            return;
        }
        String prefix = section.prefix();
        if (EngineOptions.words().contains(prefix) || PhysicalNames.isOwn(Settings.PREFIX + prefix)) {
            problems.add(section.owner() + ": anymq." + prefix
                    + " is the engine's own; give the class another prefix, or take its jar off the class path");
        } else if (known.isReserved(prefix)) {
            problems.add(section.owner() + ": the prefix anymq." + prefix
                    + ". is reserved; give the class another one, or take its jar off the class path");
        } else {
            Section other = byPrefix.putIfAbsent(prefix, section);
            if (other != null) {
                problems.add("the prefix anymq." + prefix + ". belongs to " + other.owner() + " and to "
                        + section.owner() + "; only one of them may be on the class path");
            }
        }
    }

    /** The problems of the adapters and modules themselves. */
    List<String> problems() {
        return List.copyOf(problems);
    }

    Collection<Section> all() {
        return byPrefix.values();
    }

    KnownPrefixes known() {
        return known;
    }

    /** Whether the key, which begins with {@code anymq.}, is for an adapter or a module, be it here or absent. */
    boolean isForSection(String key) {
        String rest = key.substring(Settings.PREFIX.length());
        int dot = rest.indexOf('.');
        return dot < 0
                ? known.isReserved(rest)
                : byPrefix.containsKey(rest.substring(0, dot)) || known.contains(rest.substring(0, dot));
    }

    @Nullable
    Section find(String prefix) {
        return byPrefix.get(prefix);
    }

    List<String> schemes() {
        return all().stream()
                .filter(section -> section.adapter() != null)
                .map(Section::prefix)
                .toList();
    }

    /** Every key that may be set, except families of vendor settings without a list. */
    Set<String> keys() {
        Set<String> keys = new TreeSet<>();
        EngineOptions.ALL.forEach(option -> keys.add(Settings.PREFIX + option.name()));
        for (Section section : all()) {
            String prefix = Settings.PREFIX + section.prefix() + ".";
            section.options().forEach(option -> {
                if (option.choices().isEmpty() || option.type() != ConfigOption.Type.PASS_THROUGH) {
                    keys.add(prefix + option.name());
                } else {
                    option.choices().forEach(choice -> keys.add(prefix + option.name() + choice));
                }
            });
        }
        return keys;
    }

    /** Whether a class reads the key, or would if the adapter or module of its prefix were here. */
    boolean isKnown(String key) {
        if (PhysicalNames.isOwn(key)) {
            return true;
        }
        String rest = key.substring(Settings.PREFIX.length());
        int dot = rest.indexOf('.');
        Section section = dot < 0 ? null : byPrefix.get(rest.substring(0, dot));
        return section == null
                ? isForSection(key)
                : OptionParser.find(section.options(), rest.substring(dot + 1)) != null;
    }

    /** Keys by the names of their environment variables. */
    Map<String, String> environmentNames() {
        Map<String, String> names = new HashMap<>();
        keys().forEach(key -> names.put(Settings.environmentName(key), key));
        return names;
    }
}
