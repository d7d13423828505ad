package io.anymq.tck;

import io.anymq.policy.IdempotencyStore.Claim;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The content of an idempotency store at a time set by its owner. Not thread-safe. */
final class ClaimTable {
    enum State {
        IN_PROGRESS,
        DONE,
        DEAD
    }

    private record Slot(String scope, String key) {}

    private record Entry(State state, long token, long untilMillis, long fingerprint) {}

    private final Map<Slot, Entry> entries = new LinkedHashMap<>();
    private long tokens;
    private long now;

    void now(long millis) {
        now = millis;
    }

    private @Nullable Entry current(Slot slot) {
        Entry entry = entries.get(slot);
        if (entry != null && entry.untilMillis() < now) {
            entries.remove(slot);
            return null;
        }
        return entry;
    }

    int done() {
        return (int) entries.values().stream()
                .filter(entry -> entry.state() == State.DONE)
                .count();
    }

    Claim claim(String scope, String key, long fingerprint, Duration lease) {
        Slot slot = new Slot(scope, key);
        Entry entry = current(slot);
        if (entry == null) {
            long token = ++tokens;
            entries.put(slot, new Entry(State.IN_PROGRESS, token, now + lease.toMillis(), fingerprint));
            return new Claim.Granted(token);
        }
        if (entry.fingerprint() != fingerprint) {
            return new Claim.Conflict();
        }
        return switch (entry.state()) {
            case IN_PROGRESS -> new Claim.Busy(Duration.ofMillis(Math.max(0, entry.untilMillis() - now)));
            case DONE -> new Claim.Done();
            case DEAD -> new Claim.Dead();
        };
    }

    boolean change(String scope, String key, long token, State next, Duration time) {
        Slot slot = new Slot(scope, key);
        Entry entry = current(slot);
        if (entry == null || entry.state() != State.IN_PROGRESS || entry.token() != token) {
            return false;
        }
        entries.put(slot, new Entry(next, token, now + time.toMillis(), entry.fingerprint()));
        return true;
    }

    boolean release(String scope, String key, long token) {
        Slot slot = new Slot(scope, key);
        Entry entry = current(slot);
        if (entry == null || entry.token() != token) {
            return false;
        }
        entries.remove(slot);
        return true;
    }

    boolean forget(String scope, String key) {
        return entries.remove(new Slot(scope, key)) != null;
    }

    /** All of it, a line for the last token and one for each entry. */
    String text() {
        StringBuilder text = new StringBuilder().append(tokens).append('\n');
        entries.forEach((slot, entry) -> text.append(entry.state())
                .append('\t')
                .append(entry.token())
                .append('\t')
                .append(entry.untilMillis())
                .append('\t')
                .append(entry.fingerprint())
                .append('\t')
                .append(slot.scope())
                .append('\t')
                .append(slot.key())
                .append('\n'));
        return text.toString();
    }

    /** The inverse of {@link #text()}; an empty text is an empty table. Names hold no tabs and no line feeds. */
    static ClaimTable parse(String text, long now) {
        ClaimTable table = new ClaimTable();
        table.now = now;
        if (text.isEmpty()) {
            return table;
        }
        String[] lines = text.split("\n", -1);
        table.tokens = Long.parseLong(lines[0]);
        for (int i = 1; i < lines.length - 1; i++) {
            String[] parts = lines[i].split("\t", -1);
            table.entries.put(
                    new Slot(parts[4], parts[5]),
                    new Entry(
                            State.valueOf(parts[0]),
                            Long.parseLong(parts[1]),
                            Long.parseLong(parts[2]),
                            Long.parseLong(parts[3])));
        }
        return table;
    }
}
