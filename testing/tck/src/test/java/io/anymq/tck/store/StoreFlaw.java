package io.anymq.tck.store;

import io.anymq.policy.IdempotencyStore;
import io.anymq.tck.store.NaiveStore.Entry;
import io.anymq.tck.store.NaiveStore.State;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** One defect of a store, and the rule that names it. */
@SuppressWarnings("ImmutableEnumChecker") // suppliers
enum StoreFlaw {
    GRANTS_TO_TWO("STO-1", "grants the second claim of a key as well", () -> new NaiveStore() {
        private final Set<Object> second = new HashSet<>();

        @Override
        Claim busy(Entry entry) {
            return second.add(entry) ? new Claim.Granted(entry.token()) : super.busy(entry);
        }
    }),
    CALLS_BUSY_DONE("STO-2", "tells a claim in progress as done", () -> new NaiveStore() {
        @Override
        Claim busy(Entry entry) {
            return new Claim.Done();
        }
    }),
    TELLS_NO_TIME("STO-2", "tells a day as the time left, whatever it is", () -> new NaiveStore() {
        @Override
        Claim busy(Entry entry) {
            return new Claim.Busy(Duration.ofDays(1));
        }
    }),
    CLAIMS_FOR_EVER("STO-3", "ignores leases", () -> new NaiveStore() {
        @Override
        long lease(Duration lease) {
            return super.lease(Duration.ofDays(1));
        }
    }),
    ENDS_CLAIMS_EARLY("STO-3", "ends a claim when half of its lease has passed", () -> new NaiveStore() {
        @Override
        long lease(Duration lease) {
            return super.lease(lease) / 2;
        }
    }),
    PROLONGS_NOTHING("STO-4", "says that it prolongs, and does not", () -> new NaiveStore() {
        @Override
        public synchronized boolean prolong(String scope, String key, long token, Duration lease) {
            return holds(entries.get(slot(scope, key)), token);
        }
    }),
    NEVER_SHORTENS("STO-4", "prolongs to the later of the two ends", () -> new NaiveStore() {
        @Override
        public synchronized boolean prolong(String scope, String key, long token, Duration lease) {
            Entry entry = entries.get(slot(scope, key));
            return entry != null
                    && replace(scope, key, token, State.IN_PROGRESS, Math.max(nanos(lease), entry.ends() - now()));
        }
    }),
    IGNORES_TOKENS("STO-5", "lets any token change a claim", () -> new NaiveStore() {
        @Override
        boolean holds(Entry entry, long token) {
            return entry != null && entry.state() == State.IN_PROGRESS;
        }
    }),
    COUNTS_TOKENS_IN_THE_ENTRY(
            "STO-6", "counts tokens in the entry, from one again after a release", () -> new NaiveStore() {
                @Override
                long nextToken(Object slot) {
                    Entry entry = entries.get(slot);
                    return entry == null ? 1 : entry.token() + 1;
                }
            }),
    GIVES_UP_LATE_CLAIMS("STO-7", "refuses its holder's mark after the lease has ended", () -> new NaiveStore() {
        @Override
        boolean holds(Entry entry, long token) {
            return super.holds(entry, token) && !ended(entry);
        }
    }),
    SHARES_NO_MARKS("STO-8", "gives each instance a content of its own", () -> new NaiveStore() {
        @Override
        public IdempotencyStore open() {
            return new NaiveStore();
        }
    }),
    BURIES_AS_DONE("STO-8", "marks dead-lettered messages as done", () -> new NaiveStore() {
        @Override
        public boolean bury(String scope, String key, long token, Duration retention) {
            return complete(scope, key, token, retention);
        }
    }),
    MARKS_FOR_EVER("STO-9", "ignores retentions", () -> new NaiveStore() {
        @Override
        long retention(Duration retention) {
            return super.retention(Duration.ofDays(1));
        }
    }),
    ENDS_MARKS_EARLY("STO-9", "forgets a mark when half of its retention has passed", () -> new NaiveStore() {
        @Override
        long retention(Duration retention) {
            return super.retention(retention) / 2;
        }
    }),
    RELEASES_MARKS("STO-10", "removes a mark when its owner releases it", () -> new NaiveStore() {
        @Override
        public synchronized boolean release(String scope, String key, long token) {
            Entry entry = entries.get(slot(scope, key));
            if (entry == null || entry.token() != token) {
                return false;
            }
            forget(scope, key);
            return true;
        }
    }),
    TURNS_MARKS("STO-10", "turns done into dead when its owner says so", () -> new NaiveStore() {
        @Override
        synchronized boolean replace(String scope, String key, long token, State state, long lasts) {
            Entry entry = entries.get(slot(scope, key));
            if (entry != null && entry.token() == token && state == State.DEAD) {
                entries.put(slot(scope, key), new Entry(state, entry.fingerprint(), token, now() + lasts));
                return true;
            }
            return super.replace(scope, key, token, state, lasts);
        }
    }),
    BUSY_BEFORE_CONFLICT("STO-11", "compares fingerprints of marks only", () -> new NaiveStore() {
        @Override
        boolean conflicts(Entry entry, long fingerprint) {
            return entry.state() != State.IN_PROGRESS && super.conflicts(entry, fingerprint);
        }
    }),
    DONE_BEFORE_CONFLICT("STO-11", "compares fingerprints of claims in progress only", () -> new NaiveStore() {
        @Override
        boolean conflicts(Entry entry, long fingerprint) {
            return entry.state() == State.IN_PROGRESS && super.conflicts(entry, fingerprint);
        }
    }),
    CONFLICTS_WITH_THE_PAST(
            "STO-11", "compares the fingerprint with that of a claim that has ended", () -> new NaiveStore() {
                private final Map<Object, Long> prints = new HashMap<>();

                @Override
                public synchronized Claim claim(String scope, String key, long fingerprint, Duration lease) {
                    Long known = prints.putIfAbsent(slot(scope, key), fingerprint);
                    return known != null && known != fingerprint
                            ? new Claim.Conflict()
                            : super.claim(scope, key, fingerprint, lease);
                }
            }),
    RELEASES_AT_THE_LEASES_END("STO-12", "keeps a released claim until its lease ends", () -> new NaiveStore() {
        @Override
        public synchronized boolean release(String scope, String key, long token) {
            return holds(entries.get(slot(scope, key)), token);
        }
    }),
    FORGETS_MARKS_ONLY("STO-13", "does not forget a claim in progress", () -> new NaiveStore() {
        @Override
        public synchronized void forget(String scope, String key) {
            Entry entry = entries.get(slot(scope, key));
            if (entry != null && entry.state() != State.IN_PROGRESS) {
                super.forget(scope, key);
            }
        }
    }),
    FORGETS_THE_SCOPE("STO-13", "forgets all that the scope has", () -> new NaiveStore() {
        @Override
        public synchronized void forget(String scope, String key) {
            entries.keySet().removeIf(slot -> ((Map.Entry<?, ?>) slot).getKey().equals(scope));
        }
    }),
    FOLDS_CASE("STO-14", "compares keys in lower case", () -> new NaiveStore() {
        @Override
        Object slot(String scope, String key) {
            return super.slot(scope, key.toLowerCase(Locale.ROOT));
        }
    }),
    PADS("STO-14", "ignores spaces at the end of keys", () -> new NaiveStore() {
        @Override
        Object slot(String scope, String key) {
            return super.slot(scope, key.stripTrailing());
        }
    }),
    JOINS_SCOPE_AND_KEY("STO-14", "looks up by scope and key in one, without their lengths", () -> new NaiveStore() {
        @Override
        Object slot(String scope, String key) {
            return scope + "/" + key;
        }
    }),
    CUTS_KEYS("STO-14", "cuts keys at 255 characters", () -> new NaiveStore() {
        @Override
        Object slot(String scope, String key) {
            return super.slot(scope, key.substring(0, Math.min(255, key.length())));
        }
    }),
    CUTS_FINGERPRINTS("STO-15", "keeps 32 bits of the fingerprint", () -> new NaiveStore() {
        @Override
        boolean conflicts(Entry entry, long fingerprint) {
            return (int) (entry.fingerprint() >>> 32) != (int) (fingerprint >>> 32);
        }
    }),
    OVERFLOWS("STO-15", "adds the longest retention to the clock without a bound", () -> new NaiveStore() {
        @Override
        long retention(Duration retention) {
            return retention.toSeconds() * 1_000_000_000;
        }
    }),
    ANSWERS_WHILE_DOWN("STO-16", "grants what it cannot look up", () -> new NaiveStore() {
        @Override
        public synchronized Claim claim(String scope, String key, long fingerprint, Duration lease) {
            return down ? new Claim.Granted(nextToken(slot(scope, key))) : super.claim(scope, key, fingerprint, lease);
        }
    }),
    SWALLOWS_FAILURES("STO-16", "says that a mark is not held while the store is down", () -> new NaiveStore() {
        @Override
        synchronized boolean replace(String scope, String key, long token, State state, long lasts) {
            return !down && super.replace(scope, key, token, state, lasts);
        }
    }),
    LOSES_ITS_CONTENT("STO-16", "comes back empty", () -> new NaiveStore() {
        @Override
        public synchronized void bringBack() {
            entries.clear();
            super.bringBack();
        }
    }),
    STAYS_DOWN("STO-16", "needs to be opened again after a failure", () -> new NaiveStore() {
        @Override
        public synchronized void bringBack() {}
    }),
    NEVER_PURGES("STO-17", "keeps what has expired", () -> new NaiveStore() {
        @Override
        boolean purgeable(Entry entry) {
            return false;
        }
    }),
    PURGES_EVERYTHING("STO-17", "removes marks that hold", () -> new NaiveStore() {
        @Override
        boolean purgeable(Entry entry) {
            return entry.state() != State.IN_PROGRESS;
        }
    }),
    LOSES_UPDATES("STO-18", "loses some changes that it has accepted", () -> new NaiveStore() {
        private int changes;

        @Override
        synchronized boolean replace(String scope, String key, long token, State state, long lasts) {
            Entry before = entries.get(slot(scope, key));
            boolean held = super.replace(scope, key, token, state, lasts);
            if (held && ++changes % 10 == 0) {
                entries.put(slot(scope, key), new Entry(State.IN_PROGRESS, before.fingerprint(), token, now()));
            }
            return held;
        }
    });

    private final String rule;
    private final String defect;
    private final Supplier<NaiveStore> store;

    StoreFlaw(String rule, String defect, Supplier<NaiveStore> store) {
        this.rule = rule;
        this.defect = defect;
        this.store = store;
    }

    /** The rule that must fail. */
    String rule() {
        return rule;
    }

    /** The store's defect. */
    String defect() {
        return defect;
    }

    /** A store with the defect. */
    NaiveStore open() {
        return store.get();
    }
}
