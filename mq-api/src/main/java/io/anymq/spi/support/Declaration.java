package io.anymq.spi.support;

import io.anymq.API;
import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.policy.Ordering;
import io.anymq.spi.Address;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a queue or topic was declared when it was provisioned first, for an adapter to keep at the broker, where the
 * clients of all processes compare their own declarations with it. Immutable.
 *
 * <p>Kind and ordering are texts, so that what a newer version has written is refused and not misread.
 *
 * @param kind {@code queue} or {@code topic}
 * @param ordering the name of an {@link Ordering}
 * @param by the name of the client that declared it; null if it is not known
 */
@API(API.Status.EXPERIMENTAL)
public record Declaration(
        String kind, String ordering, @Nullable String by) {
    /** The {@link #kind} of a queue. */
    public static final String QUEUE = "queue";

    /** The {@link #kind} of a topic and its subscriptions. */
    public static final String TOPIC = "topic";

    private static final String KIND_KEY = "kind";
    private static final String ORDERING_KEY = "ordering";
    private static final String BY_KEY = "by";

    /**
     * What {@code address} declares; null for the way back to a source, which belongs to the source.
     *
     * @param by the name of the client, or null where the broker has no room for it
     */
    public static @Nullable Declaration of(Address address, @Nullable String by) {
        return address instanceof Address.Redelivery
                ? null
                : new Declaration(
                        address instanceof Address.OfQueue ? QUEUE : TOPIC,
                        address.ordering().name(),
                        by);
    }

    /** Reads {@link #text}; empty if it is none. Parts that this version does not know are skipped. */
    public static Optional<Declaration> parse(String text) {
        Map<String, String> parts = new HashMap<>();
        for (String part : text.split(";", -1)) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                parts.put(part.substring(0, equals), part.substring(equals + 1));
            }
        }
        String kind = parts.get(KIND_KEY);
        String ordering = parts.get(ORDERING_KEY);
        return kind == null || ordering == null
                ? Optional.empty()
                : Optional.of(new Declaration(kind, ordering, parts.get(BY_KEY)));
    }

    /** One line of printable text, such as {@code kind=queue;ordering=PER_KEY;by=shop}. */
    public String text() {
        String text = KIND_KEY + "=" + kind + ";" + ORDERING_KEY + "=" + ordering;
        return by == null ? text : text + ";" + BY_KEY + "=" + by.replaceAll("[^\\p{Graph} ]|[;=]", "_");
    }

    /** Whether kind and ordering are the same; the clients may differ. */
    public boolean agreesWith(Declaration other) {
        return kind.equals(other.kind) && ordering.equals(other.ordering);
    }

    /**
     * Refuses {@code address} if it is declared otherwise than this says.
     *
     * @param where where this is kept, for the error
     * @throws MessagingException MISMATCH
     */
    public void requireAgreement(Address address, String where) {
        Declaration declared = of(address, null);
        if (declared == null || agreesWith(declared)) {
            return;
        }
        String origin =
                " (declared by " + (by == null ? "another client" : "client '" + by + "'") + ", kept in " + where + ")";
        MessagingException error = kind.equals(declared.kind)
                ? otherOrdering(destination(address), ordering, address.ordering())
                : otherKind(name(address), kind);
        throw new MessagingException(error.code(), error.getMessage() + origin);
    }

    /** MISMATCH, because a queue or topic is declared with another ordering than it has. */
    public static MessagingException otherOrdering(String what, String actual, Ordering declared) {
        return new MessagingException(
                ErrorCode.MISMATCH,
                what + " exists with ordering " + actual + " and is declared " + declared
                        + " here; declare the same ordering on both sides, delete it first, or choose another name");
    }

    /** MISMATCH, because a name is declared as a topic and is a queue, or the other way round. */
    public static MessagingException otherKind(String name, String actual) {
        return new MessagingException(
                ErrorCode.MISMATCH,
                "'" + name + "' exists as a " + actual.toLowerCase(Locale.ROOT)
                        + "; declare it as one, delete it first, or choose another name");
    }

    private static String destination(Address address) {
        return address instanceof Address.OfSubscription of ? of.topic().toString() : address.toString();
    }

    private static String name(Address address) {
        String name = destination(address);
        return name.substring(name.indexOf(' ') + 1);
    }
}
