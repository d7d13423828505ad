package io.anymq.internal.config;

import io.anymq.Escape;
import io.anymq.Limits;
import io.anymq.MessagingException;
import io.anymq.Queue;
import io.anymq.Topic;
import io.anymq.internal.support.Addresses;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerAdapter;
import io.anymq.spi.ConnectionContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code anymq.names.queue.orders=orders.placed.v1} and the like: the name that a queue, a topic or a
 * subscription has called at the broker. {@code anymq.names} takes several in one value, which is how an environment
 * variable spells any name: {@code ANYMQ_NAMES=queue.orders-placed=orders.placed.v1, topic.orders=order.events}.
 */
final class PhysicalNames {
    static final String LIST = Settings.PREFIX + "names";
    private static final String KEYS = LIST + ".";

    private enum Kind {
        QUEUE,
        TOPIC,
        SUBSCRIPTION;

        String prefix() {
            return KEYS + name().toLowerCase(Locale.ROOT) + ".";
        }

        /** Why {@code logical} cannot be the name in code, or null. */
        @Nullable
        String problem(String logical) {
            if (this != SUBSCRIPTION) {
                return notPortable(logical);
            }
            int slash = logical.indexOf('/');
            if (slash < 0) {
                return "a subscription must be written as <topic>/<subscription>";
            }
            String topic = notPortable(logical.substring(0, slash));
            return topic != null ? topic : notPortable(logical.substring(slash + 1));
        }

        Address address(Addresses addresses, String logical) {
            if (this == QUEUE) {
                return addresses.of(Queue.of(logical));
            }
            if (this == TOPIC) {
                return addresses.of(Topic.of(logical));
            }
            int slash = logical.indexOf('/');
            Topic topic = Topic.of(logical.substring(0, slash));
            return addresses.of(topic.subscription(logical.substring(slash + 1)));
        }

        private static @Nullable String notPortable(String name) {
            return Limits.isName(name)
                    ? null
                    : "the name in code '" + Escape.forLog(name) + "' must be 1 to " + Limits.MAX_NAME_LENGTH
                            + " characters of A-Z a-z 0-9 _ -; in an environment variable, write other names as"
                            + " ANYMQ_NAMES=queue.orders-placed=…";
        }
    }

    private final Map<Kind, SortedMap<String, String>> names = new HashMap<>();
    private final List<String> problems;

    private PhysicalNames(List<String> problems) {
        this.problems = problems;
        for (Kind kind : Kind.values()) {
            names.put(kind, new TreeMap<>());
        }
    }

    /** Whether this class reads the key. */
    static boolean isOwn(String key) {
        return key.equals(LIST) || key.startsWith(KEYS);
    }

    /** The keys that a value of {@code anymq.names} stands for; the value itself where it is not a list of names. */
    static Map<String, String> expand(String list) {
        Map<String, String> keys = new TreeMap<>();
        for (String entry : list.split(",", -1)) {
            int equals = entry.indexOf('=');
            if (equals > 0) {
                keys.put(
                        KEYS + entry.substring(0, equals).trim(),
                        entry.substring(equals + 1).trim());
            } else if (!entry.isBlank()) {
                keys.clear();
                keys.put(LIST, list);
                return keys;
            }
        }
        return keys;
    }

    /** Reads all its settings and adds their problems to {@code problems}. */
    static PhysicalNames read(SortedMap<String, Setting> settings, List<String> problems) {
        PhysicalNames read = new PhysicalNames(problems);
        settings.forEach((key, setting) -> {
            if (isOwn(key)) {
                read.add(key, setting);
            }
        });
        return read;
    }

    private void add(String key, Setting setting) {
        String where = Escape.forLog(key) + " (" + setting.origin() + ")";
        if (key.equals(LIST)) {
            problems.add(where + " must be a list such as queue.orders=orders.placed.v1, topic.events=order.events");
            return;
        }
        for (Kind kind : Kind.values()) {
            if (key.startsWith(kind.prefix())) {
                add(kind, key.substring(kind.prefix().length()), where, setting.value());
                return;
            }
        }
        problems.add("unknown key " + where + ": set physical names with anymq.names.queue.<queue>,"
                + " anymq.names.topic.<topic> and anymq.names.subscription.<topic>/<subscription>");
    }

    private void add(Kind kind, String logical, String where, String physical) {
        String problem = kind.problem(logical);
        if (problem != null) {
            problems.add(where + ": " + problem);
        } else if (physical.isBlank()) {
            problems.add(
                    where + " is empty; set it to the name at the broker, or remove the key so that the adapter names "
                            + logical);
        } else {
            names(kind).forEach((other, taken) -> {
                if (taken.equals(physical)) {
                    problems.add(kind.prefix() + other + " and " + where + " are both '" + Escape.forLog(physical)
                            + "': two names in code cannot map to the same physical name; use one of them");
                }
            });
            names(kind).put(logical, physical);
        }
    }

    private SortedMap<String, String> names(Kind kind) {
        return Objects.requireNonNull(names.get(kind));
    }

    /** The refusals of each name: by the adapter, or because of a conflict with another name. */
    List<String> refused(BrokerAdapter adapter, ConnectionContext context) {
        Addresses addresses = addresses();
        List<String> refusals = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            names(kind).forEach((logical, physical) -> {
                String refusal = refusal(adapter, context, kind, logical, addresses);
                if (refusal != null) {
                    refusals.add(kind.prefix() + logical + " = " + Escape.forLog(physical) + ": " + refusal);
                }
            });
        }
        return refusals;
    }

    private static @Nullable String refusal(
            BrokerAdapter adapter, ConnectionContext context, Kind kind, String logical, Addresses addresses) {
        Address address;
        try {
            address = kind.address(addresses, logical);
        } catch (MessagingException e) {
            // the topic of a subscription is the physical name of another topic
            return e.getMessage();
        }
        return adapter.invalidPhysicalName(address, context);
    }

    /** Creates the addresses with these names. */
    Addresses addresses() {
        return new Addresses(names(Kind.QUEUE), names(Kind.TOPIC), names(Kind.SUBSCRIPTION));
    }
}
