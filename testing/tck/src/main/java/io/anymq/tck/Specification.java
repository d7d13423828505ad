package io.anymq.tck;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The numbered rules, read from the SPECIFICATION.md that is packed into the kit. Immutable. */
public final class Specification {
    private static final String RESOURCE = "SPECIFICATION.md";
    private static final Pattern ENTRY = Pattern.compile("- \\*\\*([A-Z]{3}-\\d+)\\*\\* (.+)");
    private static final String INTENT = "*Intent:* ";
    private static final String UNTESTABLE = "*Not verified:* ";
    private static final String ENGINE_RULE = "*Engine rule.*";

    /**
     * One rule.
     *
     * @param id such as {@code SND-1}
     * @param sentence the rule's sentence
     * @param intent why
     * @param untestable why the kit does not verify it, or null when it does
     * @param engineRule whether the engine keeps it without the adapter, so that it is verified once, on the embedded
     *     broker
     */
    public record Entry(
            String id,
            String sentence,
            String intent,
            @Nullable String untestable,
            boolean engineRule) {
        /** Whether it is a rule for idempotency stores, verified by {@code io.anymq.tck.store}, and not for adapters. */
        public boolean isForStores() {
            return id.startsWith("STO-");
        }
    }

    private final Map<String, Entry> entries;

    private Specification(Map<String, Entry> entries) {
        this.entries = entries;
    }

    /** The specification this kit was built with. */
    public static Specification load() {
        try (InputStream in = Specification.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is missing beside " + Specification.class.getName());
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads rules from Markdown: list items that begin with a bold number, each a sentence, then its intent and, where
     * it applies, why it is not verified or that it is an engine rule, each of them on a line of its own.
     *
     * @throws IllegalArgumentException for a number used twice or a rule without sentence or intent
     */
    public static Specification parse(String markdown) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        String[] lines = markdown.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            Matcher matcher = ENTRY.matcher(lines[i]);
            if (matcher.matches()) {
                Entry entry = entry(matcher.group(1), matcher.group(2), lines, i + 1);
                if (entries.put(entry.id(), entry) != null) {
                    throw new IllegalArgumentException(entry.id() + " is used twice");
                }
            }
        }
        return new Specification(entries);
    }

    private static Entry entry(String id, String first, String[] lines, int next) {
        StringBuilder sentence = new StringBuilder(first.trim());
        StringBuilder intent = new StringBuilder();
        StringBuilder untestable = new StringBuilder();
        StringBuilder current = sentence;
        boolean engineRule = false;
        for (int i = next; i < lines.length && lines[i].startsWith("  "); i++) {
            String line = lines[i].trim();
            if (line.equals(ENGINE_RULE)) {
                engineRule = true;
                continue;
            }
            if (line.startsWith(INTENT)) {
                current = intent;
                line = line.substring(INTENT.length());
            } else if (line.startsWith(UNTESTABLE)) {
                current = untestable;
                line = line.substring(UNTESTABLE.length());
            }
            if (current.length() > 0) {
                current.append(' ');
            }
            current.append(line);
        }
        if (intent.length() == 0) {
            throw new IllegalArgumentException(id + " has no intent");
        }
        return new Entry(
                id,
                sentence.toString(),
                intent.toString(),
                untestable.length() == 0 ? null : untestable.toString(),
                engineRule);
    }

    /** All rules in the order of the document. */
    public Collection<Entry> entries() {
        return java.util.Collections.unmodifiableCollection(entries.values());
    }

    /** The rule of this number. */
    public Optional<Entry> entry(String id) {
        return Optional.ofNullable(entries.get(id));
    }
}
