package io.anymq.tck.store;

import static io.anymq.tck.store.StoreContext.LONG;
import static io.anymq.tck.store.StoreContext.SHORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anymq.policy.IdempotencyStore;
import io.anymq.policy.IdempotencyStore.Claim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** STO: what an idempotency store promises to the engine. */
final class StoreRules {
    private static final Duration MOMENT = Duration.ofMillis(1);
    private static final int THREADS = 8;

    @StoreRule(id = "STO-1", check = "whether the look at the entry and its change are one atomic step")
    void oneOfManyIsGranted(StoreContext t) throws Exception {
        for (int round = 0; round < 10; round++) {
            String key = "race-" + round;
            List<Claim> claims =
                    t.together(THREADS, i -> (i % 2 == 0 ? t.store() : t.other()).claim(t.scope(), key, 1, LONG));
            assertThat(claims).filteredOn(Claim.Granted.class::isInstance).hasSize(1);
            assertThat(claims).filteredOn(Claim.Busy.class::isInstance).hasSize(THREADS - 1);
        }
    }

    @StoreRule(id = "STO-2", check = "what the store answers while another owner holds the claim")
    void aHeldClaimIsBusy(StoreContext t) {
        t.granted("k", 1, LONG);
        for (IdempotencyStore each : List.of(t.store(), t.other())) {
            Claim claim = each.claim(t.scope(), "k", 1, LONG);
            StoreContext.busy(claim);
            assertThat(((Claim.Busy) claim).leaseLeft())
                    .isPositive()
                    .isGreaterThan(LONG.minus(t.harness().patience().multipliedBy(3)))
                    .isLessThanOrEqualTo(LONG);
        }
    }

    @StoreRule(id = "STO-3", check = "the store's clock, and the arithmetic of the lease's end")
    void aClaimEndsWithItsLease(StoreContext t) {
        long before = System.nanoTime();
        long first = t.granted("k", 1, SHORT);
        Claim.Granted second = t.grantedAfter(SHORT, before, "k", 1);
        assertThat(second.token()).isNotEqualTo(first);
        StoreContext.busy(t.store().claim(t.scope(), "k", 1, LONG));
    }

    @StoreRule(id = "STO-4", check = "whether prolong stores the new end of the lease")
    void prolongingHoldsIt(StoreContext t) {
        long token = t.granted("longer", 1, SHORT);
        assertThat(t.store().prolong(t.scope(), "longer", token, LONG)).isTrue();
        long shorter = t.granted("shorter", 1, LONG);
        long before = System.nanoTime();
        assertThat(t.store().prolong(t.scope(), "shorter", shorter, SHORT)).isTrue();
        t.grantedAfter(SHORT, before, "shorter", 1);
        StoreContext.busy(t.ask("longer", 1));
    }

    @StoreRule(id = "STO-5", check = "whether each change compares the token")
    void onlyTheHolderChangesAClaim(StoreContext t) {
        long token = t.granted("k", 1, LONG);
        for (long wrong : new long[] {token + 1, token - 1, 0, -1, Long.MAX_VALUE}) {
            if (wrong != token) {
                refused(t, "k", wrong);
            }
        }
        refused(t, "absent", token);
        assertThat(t.ask("absent", 1)).isInstanceOf(Claim.Granted.class);
        StoreContext.busy(t.ask("k", 1));
        assertThat(t.other().complete(t.scope(), "k", token, LONG))
                .as("the token is what counts, not the instance")
                .isTrue();
    }

    private static void refused(StoreContext t, String key, long token) {
        IdempotencyStore store = t.store();
        assertThat(store.prolong(t.scope(), key, token, MOMENT)).as("prolong").isFalse();
        assertThat(store.complete(t.scope(), key, token, LONG)).as("complete").isFalse();
        assertThat(store.bury(t.scope(), key, token, LONG)).as("bury").isFalse();
        assertThat(store.release(t.scope(), key, token)).as("release").isFalse();
    }

    @StoreRule(id = "STO-6", check = "where tokens come from, and whether they outlive the entry")
    void aTokenIsNeverGrantedTwice(StoreContext t) {
        Set<Long> tokens = new LinkedHashSet<>();
        for (int i = 0; i < 20; i++) {
            long token = i % 4 == 0
                    ? t.grantedAfter(Duration.ZERO, System.nanoTime(), "k", 1).token()
                    : t.granted("k", 1, LONG);
            assertThat(tokens.add(token)).as("token %s is new", token).isTrue();
            for (long earlier : tokens) {
                if (earlier != token) {
                    refused(t, "k", earlier);
                }
            }
            StoreContext.busy(t.ask("k", 1));
            switch (i % 4) {
                case 0 -> assertThat(t.store().release(t.scope(), "k", token)).isTrue();
                case 1 -> t.store().forget(t.scope(), "k");
                case 2 -> {
                    assertThat(t.store().complete(t.scope(), "k", token, LONG)).isTrue();
                    t.store().forget(t.scope(), "k");
                }
                default ->
                    assertThat(t.store().prolong(t.scope(), "k", token, MOMENT)).isTrue();
            }
        }
    }

    @StoreRule(id = "STO-7", check = "whether a change asks for the token alone, or for the lease, too")
    void aLateHolderStillHolds(StoreContext t) {
        long completed = t.granted("completed", 1, MOMENT);
        long buried = t.granted("buried", 1, MOMENT);
        long prolonged = t.granted("prolonged", 1, MOMENT);
        long ended = System.nanoTime();
        t.pass(Duration.ofMillis(50), ended);
        assertThat(t.store().complete(t.scope(), "completed", completed, LONG)).isTrue();
        assertThat(t.store().bury(t.scope(), "buried", buried, LONG)).isTrue();
        assertThat(t.store().prolong(t.scope(), "prolonged", prolonged, LONG)).isTrue();
        assertThat(t.ask("completed", 1)).isEqualTo(new Claim.Done());
        assertThat(t.ask("buried", 1)).isEqualTo(new Claim.Dead());
        StoreContext.busy(t.ask("prolonged", 1));
    }

    @StoreRule(id = "STO-8", check = "where marks are kept, and whether done and dead are told apart")
    void marksAreSeenByAll(StoreContext t) {
        assertThat(t.store().complete(t.scope(), "done", t.granted("done", 1, LONG), LONG))
                .isTrue();
        assertThat(t.store().bury(t.scope(), "dead", t.granted("dead", 1, LONG), LONG))
                .isTrue();
        for (IdempotencyStore each : List.of(t.store(), t.other())) {
            assertThat(each.claim(t.scope(), "done", 1, LONG)).isEqualTo(new Claim.Done());
            assertThat(each.claim(t.scope(), "dead", 1, LONG)).isEqualTo(new Claim.Dead());
        }
    }

    @StoreRule(id = "STO-9", check = "the arithmetic of the retention's end")
    void aMarkEndsWithItsRetention(StoreContext t) {
        long done = t.granted("done", 1, LONG);
        long dead = t.granted("dead", 1, LONG);
        long before = System.nanoTime();
        assertThat(t.store().complete(t.scope(), "done", done, SHORT)).isTrue();
        assertThat(t.store().bury(t.scope(), "dead", dead, SHORT)).isTrue();
        assertThat(t.grantedAfter(SHORT, before, "done", 1).token()).isNotEqualTo(done);
        assertThat(t.grantedAfter(SHORT, before, "dead", 1).token()).isNotEqualTo(dead);
    }

    @StoreRule(id = "STO-10", check = "whether a change asks for a claim that is in progress")
    void aMarkIsFinal(StoreContext t) {
        long done = t.granted("done", 1, LONG);
        long dead = t.granted("dead", 1, LONG);
        assertThat(t.store().complete(t.scope(), "done", done, LONG)).isTrue();
        assertThat(t.store().bury(t.scope(), "dead", dead, LONG)).isTrue();
        assertThat(t.store().release(t.scope(), "done", done)).isFalse();
        assertThat(t.store().release(t.scope(), "dead", dead)).isFalse();
        assertThat(t.store().prolong(t.scope(), "done", done, MOMENT)).isFalse();
        assertThat(t.store().prolong(t.scope(), "dead", dead, MOMENT)).isFalse();
        t.store().bury(t.scope(), "done", done, LONG);
        t.store().complete(t.scope(), "dead", dead, LONG);
        t.pass(Duration.ofMillis(20), System.nanoTime());
        assertThat(t.ask("done", 1)).isEqualTo(new Claim.Done());
        assertThat(t.ask("dead", 1)).isEqualTo(new Claim.Dead());
    }

    @StoreRule(id = "STO-11", check = "whether the fingerprint is compared before the state, and only while it holds")
    void conflictComesFirst(StoreContext t) {
        long busy = t.granted("busy", 1, LONG);
        t.store().complete(t.scope(), "done", t.granted("done", 1, LONG), LONG);
        t.store().bury(t.scope(), "dead", t.granted("dead", 1, LONG), LONG);
        for (String key : List.of("busy", "done", "dead")) {
            assertThat(t.ask(key, 2)).as(key).isEqualTo(new Claim.Conflict());
            assertThat(t.ask(key, 0)).as(key).isEqualTo(new Claim.Conflict());
        }
        StoreContext.busy(t.ask("busy", 1));
        assertThat(t.ask("done", 1)).isEqualTo(new Claim.Done());
        assertThat(t.ask("dead", 1)).isEqualTo(new Claim.Dead());
        assertThat(t.store().complete(t.scope(), "busy", busy, LONG)).isTrue();
        long before = System.nanoTime();
        t.granted("ends", 1, SHORT);
        t.grantedAfter(SHORT, before, "ends", 2);
        assertThat(t.ask("ends", 1)).isEqualTo(new Claim.Conflict());
    }

    @StoreRule(id = "STO-12", check = "whether release removes the claim at once")
    void whatIsReleasedIsFree(StoreContext t) {
        long first = t.granted("k", 1, LONG);
        assertThat(t.store().release(t.scope(), "k", first)).isTrue();
        long second = StoreContext.token(t.ask("k", 2));
        assertThat(second).isNotEqualTo(first);
        assertThat(t.store().release(t.scope(), "k", first)).isFalse();
        StoreContext.busy(t.store().claim(t.scope(), "k", 2, LONG));
    }

    @StoreRule(id = "STO-13", check = "whether forget removes an entry of every state, and that entry alone")
    void whatIsForgottenIsFree(StoreContext t) {
        long busy = t.granted("busy", 1, LONG);
        t.store().complete(t.scope(), "done", t.granted("done", 1, LONG), LONG);
        t.store().bury(t.scope(), "dead", t.granted("dead", 1, LONG), LONG);
        t.store().complete(t.scope(), "kept", t.granted("kept", 1, LONG), LONG);
        for (String key : List.of("busy", "done", "dead", "absent")) {
            t.store().forget(t.scope(), key);
            assertThat(t.ask(key, 2)).as(key).isInstanceOf(Claim.Granted.class);
        }
        assertThat(t.store().complete(t.scope(), "busy", busy, LONG)).isFalse();
        assertThat(t.ask("kept", 1)).isEqualTo(new Claim.Done());
    }

    /** Pairs of which a store, its collation or its character set takes one for another. */
    private static List<String[]> names(String scope) {
        String longest = "k".repeat(255);
        List<String[]> names = new ArrayList<>();
        for (String key : List.of(
                "a",
                "A",
                "a ",
                " a",
                "á",
                "a\u0301",
                "ä",
                "ss",
                "ß",
                "%",
                "_",
                "*",
                "a:b",
                "a/b",
                "a\tb",
                "a\nb",
                "a'b",
                "a\"b",
                "a\\b",
                "0",
                "00",
                "null",
                "\u0000",
                "a\u0000",
                "a\u0000b",
                "\uFFFD",
                "?",
                "\uD83D\uDE00",
                "\uD83D\uDE01",
                "\uD83D",
                "\uDE00",
                longest + "1",
                longest + "2",
                "\u4e2d".repeat(256))) {
            names.add(new String[] {scope, key});
        }
        names.add(new String[] {scope + ":a", "b"});
        names.add(new String[] {scope + "/a", "b"});
        names.add(new String[] {scope, "/ab"});
        names.add(new String[] {scope + "a", "b"});
        names.add(new String[] {scope, "ab"});
        names.add(new String[] {scope.toUpperCase(Locale.ROOT), "a"});
        names.add(new String[] {scope + " ", "a"});
        return names;
    }

    @StoreRule(id = "STO-14", check = "collation, padding, character set and separator of what the store looks up by")
    void namesAreComparedExactly(StoreContext t) {
        List<String[]> names = names(t.scope());
        for (String[] name : names) {
            Claim claim = t.store().claim(name[0], name[1], 1, LONG);
            assertThat(claim)
                    .as("the claim of %s in %s", printable(name[1]), printable(name[0]))
                    .isInstanceOf(Claim.Granted.class);
            assertThat(t.store().complete(name[0], name[1], StoreContext.token(claim), LONG))
                    .isTrue();
        }
        for (String[] name : names) {
            assertThat(t.other().claim(name[0], name[1], 1, LONG))
                    .as("the second claim of %s", printable(name[1]))
                    .isEqualTo(new Claim.Done());
        }
    }

    private static String printable(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().limit(20).forEach(c -> {
            if (c >= 0x20 && c < 0x7F) {
                out.appendCodePoint(c);
            } else {
                out.append("\\u{").append(Integer.toHexString(c)).append('}');
            }
        });
        return "'" + out + "'";
    }

    @StoreRule(id = "STO-15", check = "overflow of lease and retention, and the column or field of the fingerprint")
    void extremesAreAccepted(StoreContext t) {
        long[] prints = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE};
        for (long print : prints) {
            String key = "print " + print;
            long token = t.granted(key, print, Duration.ofDays(1));
            StoreContext.busy(t.ask(key, print));
            assertThat(t.ask(key, print ^ 1)).isEqualTo(new Claim.Conflict());
            assertThat(t.store().complete(t.scope(), key, token, LONG)).isTrue();
        }
        Duration forEver = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);
        assertThat(t.store().complete(t.scope(), "done", t.granted("done", 1, LONG), forEver))
                .isTrue();
        assertThat(t.store().bury(t.scope(), "dead", t.granted("dead", 1, LONG), forEver))
                .isTrue();
        assertThat(t.ask("done", 1)).isEqualTo(new Claim.Done());
        assertThat(t.ask("dead", 1)).isEqualTo(new Claim.Dead());
        t.granted("busy", 1, forEver);
        StoreContext.busy(t.ask("busy", 1));
        long nanos = System.nanoTime();
        t.granted("short", 1, Duration.ofNanos(1));
        t.grantedAfter(Duration.ZERO, nanos, "short", 1);
    }

    @StoreRule(id = "STO-16", check = "whether a failure of the store is swallowed, and whether its content survives")
    void whileItIsDownNothingIsAnswered(StoreContext t) throws Exception {
        t.needs(t.harness().canBeTakenDown(), "take the store down");
        long busy = t.granted("busy", 1, LONG);
        long late = t.granted("late", 1, MOMENT);
        t.store().complete(t.scope(), "done", t.granted("done", 1, LONG), LONG);
        t.harness().takeDown();
        try {
            IdempotencyStore store = t.store();
            List<Runnable> calls = List.of(
                    () -> store.claim(t.scope(), "new", 1, LONG),
                    () -> store.claim(t.scope(), "done", 1, LONG),
                    () -> store.prolong(t.scope(), "busy", busy, LONG),
                    () -> store.complete(t.scope(), "busy", busy, LONG),
                    () -> store.bury(t.scope(), "busy", busy, LONG),
                    () -> store.release(t.scope(), "busy", busy),
                    () -> store.forget(t.scope(), "done"),
                    () -> t.other().claim(t.scope(), "other", 1, LONG));
            // at the same time, because each may wait for a time-out
            t.together(calls.size(), number -> {
                fails(t, calls.get(number));
                return number;
            });
        } finally {
            t.harness().bringBack();
        }
        for (IdempotencyStore each : List.of(t.store(), t.other())) {
            Claim[] answer = new Claim[1];
            t.await("the instance answers again", () -> {
                try {
                    answer[0] = each.claim(t.scope(), "done", 1, LONG);
                    return true;
                } catch (RuntimeException stillDown) {
                    return false;
                }
            });
            assertThat(answer[0]).isEqualTo(new Claim.Done());
        }
        StoreContext.busy(t.ask("busy", 1));
        assertThat(t.store().complete(t.scope(), "busy", busy, LONG)).isTrue();
        assertThat(t.store().complete(t.scope(), "late", late, LONG)).isTrue();
        assertThat(t.ask("new", 1)).isInstanceOf(Claim.Granted.class);
    }

    private static void fails(StoreContext t, Runnable call) {
        long before = System.nanoTime();
        assertThatThrownBy(call::run)
                .as("a call while the store is down")
                .isInstanceOf(RuntimeException.class)
                .hasMessageMatching("(?s).+");
        assertThat(System.nanoTime() - before)
                .as("the time a call took")
                .isLessThan(t.harness().patience().toNanos());
    }

    @StoreRule(id = "STO-17", check = "what removes expired entries, and by which end it selects them")
    void expiredMarksAreRemoved(StoreContext t) throws Exception {
        t.needs(t.harness().entries().isPresent(), "count the store's entries");
        int many = 50;
        long before = t.harness().entries().orElseThrow();
        long held = t.granted("held", 1, LONG);
        t.store().complete(t.scope(), "done", t.granted("done", 1, LONG), LONG);
        t.store().bury(t.scope(), "dead", t.granted("dead", 1, LONG), LONG);
        for (int i = 0; i < many; i++) {
            String key = "ended-" + i;
            long token = t.granted(key, 1, LONG);
            if (i % 2 == 0) {
                t.store().complete(t.scope(), key, token, MOMENT);
            } else {
                t.store().bury(t.scope(), key, token, MOMENT);
            }
        }
        t.await("the expired marks are gone", () -> {
            t.harness().purge();
            return t.harness().entries().orElseThrow() <= before + 3;
        });
        StoreContext.busy(t.ask("held", 1));
        assertThat(t.ask("done", 1)).isEqualTo(new Claim.Done());
        assertThat(t.ask("dead", 1)).isEqualTo(new Claim.Dead());
        assertThat(t.store().complete(t.scope(), "held", held, LONG)).isTrue();
    }

    @StoreRule(id = "STO-18", check = "atomicity of each change, and whether one that returned true can be lost")
    void workThatIsSharedIsDoneOnce(StoreContext t) throws Exception {
        int keys = 40;
        AtomicIntegerArray holders = new AtomicIntegerArray(keys);
        AtomicIntegerArray done = new AtomicIntegerArray(keys);
        AtomicInteger overlaps = new AtomicInteger();
        long end = System.nanoTime() + t.harness().patience().toNanos();
        t.together(THREADS, number -> {
            IdempotencyStore store = number % 2 == 0 ? t.store() : t.other();
            SplittableRandom random = new SplittableRandom(number);
            int finished = 0;
            for (int k = random.nextInt(keys); finished < keys; k = (k + 1) % keys) {
                assertThat(System.nanoTime()).as("time left").isLessThan(end);
                Claim claim = store.claim(t.scope(), "work-" + k, 1, LONG);
                if (claim instanceof Claim.Granted granted) {
                    if (holders.incrementAndGet(k) > 1) {
                        overlaps.incrementAndGet();
                    }
                    boolean gaveUp = random.nextInt(3) == 0;
                    if (!gaveUp) {
                        done.incrementAndGet(k);
                    }
                    holders.decrementAndGet(k);
                    boolean held = gaveUp
                            ? store.release(t.scope(), "work-" + k, granted.token())
                            : store.complete(t.scope(), "work-" + k, granted.token(), LONG);
                    assertThat(held).as("the holder's change").isTrue();
                    finished = 0;
                } else if (claim instanceof Claim.Done) {
                    finished++;
                } else {
                    StoreContext.busy(claim);
                    finished = 0;
                }
            }
            return number;
        });
        assertThat(overlaps).as("claims that two held at once").hasValue(0);
        for (int k = 0; k < keys; k++) {
            assertThat(done.get(k)).as("effects of work-" + k).isOne();
            assertThat(t.ask("work-" + k, 1)).isEqualTo(new Claim.Done());
        }
    }
}
