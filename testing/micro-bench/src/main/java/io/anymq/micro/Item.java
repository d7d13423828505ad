package io.anymq.micro;

import io.anymq.internal.receive.keys.KeyedExecution;
import io.anymq.micro.peer.PeerKind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * One row of the report, which is one benchmark with one choice of parameters.
 *
 * @param title for readers
 * @param benchmark its method, as JMH names it
 * @param parameter the name of its parameter, or null
 * @param value the parameter's value
 * @param peer whose figure it is; null for a part of the engine
 */
record Item(
        String title,
        String benchmark,
        @Nullable String parameter,
        String value,
        @Nullable PeerKind peer) {
    /** All rows, in the report's order. */
    static List<Item> all() {
        List<Item> all = new ArrayList<>();
        for (PeerKind peer : PeerKind.values()) {
            all.add(new Item(peer.title(), name(SendHandleSettle.class, "message"), "peer", peer.name(), peer));
        }
        String keyed = name(KeyedExecution.class, "work");
        all.add(new Item("keyed executor, 1,000 keys", keyed, "keys", "1000", null));
        all.add(new Item("keyed executor, one key", keyed, "keys", "1", null));
        for (Encoding.Kind kind : Encoding.Kind.values()) {
            String body = kind.name().toLowerCase(java.util.Locale.ROOT);
            all.add(new Item("encode 1 KiB, " + body, name(Encoding.class, "encode"), "kind", kind.name(), null));
            all.add(new Item("decode 1 KiB, " + body, name(Encoding.class, "decode"), "kind", kind.name(), null));
        }
        all.add(new Item("deduplicate, new message", name(Deduplication.class, "newMessage"), null, "", null));
        all.add(new Item("deduplicate, known message", name(Deduplication.class, "duplicate"), null, "", null));
        return all;
    }

    private static String name(Class<?> type, String method) {
        return type.getName() + "." + method;
    }

    /** Options that choose this row and nothing else. */
    ChainedOptionsBuilder options() {
        ChainedOptionsBuilder options = new OptionsBuilder().include("^" + Pattern.quote(benchmark) + "$");
        return parameter == null ? options : options.param(parameter, value);
    }
}
