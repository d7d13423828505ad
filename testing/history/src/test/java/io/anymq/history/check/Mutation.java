package io.anymq.history.check;

import static io.anymq.history.check.MutationParts.addHandling;
import static io.anymq.history.check.MutationParts.corrupt;
import static io.anymq.history.check.MutationParts.lastOfClosed;
import static io.anymq.history.check.MutationParts.liveOf;
import static io.anymq.history.check.MutationParts.loseSuccess;
import static io.anymq.history.check.MutationParts.moveClose;
import static io.anymq.history.check.MutationParts.neighbours;
import static io.anymq.history.check.MutationParts.ofClosedConsumers;
import static io.anymq.history.check.MutationParts.plainDeadLetters;
import static io.anymq.history.check.MutationParts.plainRetries;
import static io.anymq.history.check.MutationParts.previous;
import static io.anymq.history.check.MutationParts.renumber;
import static io.anymq.history.check.MutationParts.settledWithOutput;
import static io.anymq.history.check.MutationParts.starve;
import static io.anymq.history.check.MutationParts.swap;
import static io.anymq.history.check.MutationParts.withOutcome;

import io.anymq.history.Content;
import io.anymq.history.Event;
import io.anymq.history.Event.BacklogSeen;
import io.anymq.history.Event.ConsumerClosed;
import io.anymq.history.Event.DeadLetterFound;
import io.anymq.history.Event.DeadLettered;
import io.anymq.history.Event.EffectApplied;
import io.anymq.history.Event.HandlerEnded;
import io.anymq.history.Event.HandlerStarted;
import io.anymq.history.Event.OutputConfirmed;
import io.anymq.history.Event.OutputPublished;
import io.anymq.history.Event.SendEnded;
import io.anymq.history.Event.Settled;
import io.anymq.history.SendOutcome;
import io.anymq.history.check.Draft.Handling;
import io.anymq.history.check.Draft.Line;
import java.util.List;

/**
 * One way to spoil a good history, and the invariant that must notice. Long because every way is an entry of one enum; what
 * several have in common is in {@link MutationParts}.
 */
enum Mutation {
    LOSE_MESSAGE_EVERYWHERE(Invariant.I1, draft -> {
        Handling victim = draft.any(draft.simple("bulk"));
        if (victim == null) {
            return false;
        }
        draft.remove(draft.of("bulk", victim.started().id()));
        return true;
    }),
    LOSE_SUCCESS(Invariant.I1, draft -> {
        Handling victim = draft.any(draft.simple("bulk"));
        return victim != null && loseSuccess(draft, victim);
    }),
    LOSE_DEAD_LETTER(Invariant.I1, draft -> {
        Line found = draft.any(plainDeadLetters(draft, "events/a"));
        return found != null && draft.lines.remove(found);
    }),

    INVENT_MESSAGE(Invariant.I2, draft -> {
        Handling near = draft.any(draft.simple("bulk"));
        if (near == null) {
            return false;
        }
        addHandling(draft, near, "bulk", "invented", new Content(null, 1, 2));
        return true;
    }),
    CORRUPT_BODY(Invariant.I2, draft -> corrupt(draft, c -> new Content(c.key(), c.body() ^ 1, c.headers()))),
    CORRUPT_HEADERS(Invariant.I2, draft -> corrupt(draft, c -> new Content(c.key(), c.body(), c.headers() + 1))),
    CORRUPT_KEY(Invariant.I2, draft -> corrupt(draft, c -> new Content("other", c.body(), c.headers()))),
    CORRUPT_DEAD_LETTER(Invariant.I2, draft -> {
        Line line = draft.any(draft.all(DeadLetterFound.class, e -> true));
        if (line == null) {
            return false;
        }
        DeadLetterFound e = (DeadLetterFound) line.event;
        Content content =
                new Content(e.content().key(), ~e.content().body(), e.content().headers());
        line.event = new DeadLetterFound(e.source(), e.id(), content, e.attempts(), e.reason());
        return true;
    }),
    HANDLE_BEFORE_SEND(Invariant.I2, draft -> {
        Handling victim = draft.any(draft.simple("bulk"));
        if (victim == null) {
            return false;
        }
        String id = victim.started().id();
        draft.sends("bulk", id).forEach(line -> line.at = victim.end().at + 10);
        draft.sendEnds("bulk", id).forEach(line -> line.at = victim.end().at + 20);
        return true;
    }),

    REJECT_HANDLED_MESSAGE(Invariant.I3, draft -> {
        Handling victim = draft.any(draft.simple("bulk"));
        if (victim == null) {
            return false;
        }
        String id = victim.started().id();
        draft.sendEnds("bulk", id).forEach(line -> line.event = withOutcome(line.event, SendOutcome.REJECTED));
        return true;
    }),
    DELIVER_REJECTED_MESSAGE(Invariant.I3, draft -> {
        Handling near = draft.any(draft.simple("bulk"));
        Line rejected = draft.any(draft.all(
                SendEnded.class,
                e -> e.destination().equals("bulk")
                        && e.outcome() == SendOutcome.REJECTED
                        && draft.sends("bulk", e.id()).size() == 1));
        if (near == null || rejected == null || rejected.at > near.end().at) {
            return false;
        }
        String id = ((SendEnded) rejected.event).id();
        Event.Sent sent = (Event.Sent) draft.sends("bulk", id).get(0).event;
        addHandling(draft, near, "bulk", id, sent.content());
        return true;
    }),
    SEND_OUTPUT_OF_FAILED_ATTEMPT(Invariant.I3, draft -> {
        Handling failed = draft.any(draft.plain("orders").stream()
                .filter(each -> !each.ended().succeeded())
                .toList());
        Handling near = failed == null
                ? null
                : draft.any(draft.handlings("mail").stream()
                        .filter(each -> each.start().at > failed.end().at)
                        .toList());
        if (near == null) {
            return false;
        }
        Content content = new Content(null, 5, 6);
        HandlerStarted e = failed.started();
        draft.insertAfter(
                failed.start(),
                1,
                new OutputPublished("orders", e.consumer(), e.id(), e.attempt(), "mail", "premature", content));
        addHandling(draft, near, "mail", "premature", content);
        return true;
    }),

    NEVER_END_SEND(Invariant.I4, draft -> {
        Line end = draft.any(draft.all(
                SendEnded.class,
                e -> e.outcome() != SendOutcome.REJECTED
                        && draft.all(
                                        Event.ProducerCrashed.class,
                                        c -> c.producer().equals(e.producer()))
                                .isEmpty()));
        return end != null && draft.lines.remove(end);
    }),
    END_SEND_TWICE(Invariant.I4, draft -> {
        Line end = draft.any(draft.all(SendEnded.class, e -> true));
        if (end == null) {
            return false;
        }
        SendEnded e = (SendEnded) end.event;
        if (draft.sends(e.destination(), e.id()).size() > 1) {
            return false;
        }
        draft.insertAfter(end, 1, withOutcome(e, SendOutcome.UNKNOWN));
        return true;
    }),
    ABANDON_UNKNOWN_MESSAGE(Invariant.I4, draft -> {
        Handling victim = draft.any(draft.simple("bulk"));
        if (victim == null) {
            return false;
        }
        String id = victim.started().id();
        draft.sendEnds("bulk", id).forEach(line -> line.event = withOutcome(line.event, SendOutcome.UNKNOWN));
        return loseSuccess(draft, victim);
    }),

    SWAP_WITHIN_KEY(Invariant.I5, draft -> swap(draft, "events/a", true)),
    SWAP_WITHIN_TOTAL_ORDER(Invariant.I5, draft -> swap(draft, "ledger", false)),
    OVERTAKE_DURING_BACKOFF(Invariant.I5, MutationParts::overtake),

    OVERLAP_BY_LATE_END(Invariant.I6, draft -> {
        Handling[] pair = draft.any(neighbours(draft, "events/a", true));
        if (pair == null) {
            return false;
        }
        long late = (pair[1].start().at + pair[1].end().at) / 2;
        long early = pair[0].end().at;
        for (Line line : draft.of("events/a", pair[0].started().id())) {
            if (line.at >= early) {
                line.at += late - early;
            }
        }
        return true;
    }),
    OVERLAP_BY_EARLY_START(Invariant.I6, draft -> {
        Handling[] pair = draft.any(neighbours(draft, "events/b", true));
        if (pair == null) {
            return false;
        }
        pair[1].start().at = (pair[0].start().at + pair[0].end().at) / 2;
        return draft.sends("events", pair[1].started().id()).get(0).at < pair[1].start().at;
    }),
    OVERLAP_OF_TWO_CONSUMERS(Invariant.I6, draft -> {
        Handling[] pair = draft.any(neighbours(draft, "events/a", true));
        if (pair == null) {
            return false;
        }
        pair[1].start().at = (pair[0].start().at + pair[0].end().at) / 2;
        for (Line line : draft.of("events/a", pair[1].started().id())) {
            if (line.event instanceof HandlerStarted e) {
                line.event = new HandlerStarted(e.source(), "other", e.id(), e.attempt(), e.content());
            } else if (line.event instanceof HandlerEnded e) {
                line.event = new HandlerEnded(e.source(), "other", e.id(), e.attempt(), e.succeeded());
            }
        }
        return draft.sends("events", pair[1].started().id()).get(0).at < pair[1].start().at;
    }),
    OVERLAP_IN_TOTAL_ORDER(Invariant.I6, draft -> {
        Handling[] pair = draft.any(neighbours(draft, "ledger", false));
        if (pair == null) {
            return false;
        }
        pair[1].start().at = (pair[0].start().at + pair[0].end().at) / 2;
        return draft.sends("ledger", pair[1].started().id()).get(0).at < pair[1].start().at;
    }),

    SKIP_ATTEMPT_NUMBER(Invariant.I7, draft -> {
        Handling retry = draft.any(plainRetries(draft, "events/a").stream()
                .filter(each -> each.ended().succeeded() && each.started().attempt() < 4)
                .toList());
        return retry != null && renumber(retry, retry.started().attempt() + 1);
    }),
    REPEAT_ATTEMPT_NUMBER(Invariant.I7, draft -> {
        Handling retry = draft.any(plainRetries(draft, "bulk").stream()
                .filter(each -> each.ended().succeeded())
                .toList());
        return retry != null && renumber(retry, retry.started().attempt() - 1);
    }),
    NEVER_END_ATTEMPT(Invariant.I7, draft -> {
        Handling retry = draft.any(plainRetries(draft, "bulk"));
        Handling before = retry == null ? null : previous(draft, "bulk", retry);
        // where the consumer was closed, it would be the close that did not wait
        return before != null
                && draft.lines.remove(before.end())
                && draft.all(
                                ConsumerClosed.class,
                                e -> e.consumer().equals(before.started().consumer()))
                        .isEmpty();
    }),
    TRY_BEYOND_MAXIMUM(Invariant.I7, draft -> {
        Handling last = draft.any(plainRetries(draft, "bulk").stream()
                .filter(each -> each.ended().succeeded())
                .toList());
        return last != null && renumber(last, 5);
    }),
    TRY_AFTER_DEAD_LETTER(Invariant.I7, draft -> {
        Line dead = draft.any(plainDeadLetters(draft, "bulk"));
        Line live = dead == null ? null : liveOf(draft, dead);
        if (live == null) {
            return false;
        }
        DeadLetterFound e = (DeadLetterFound) dead.event;
        String consumer = ((DeadLettered) live.event).consumer();
        draft.insertAfter(live, 1, new HandlerStarted("bulk", consumer, e.id(), 1, e.content()));
        draft.insertAfter(live, 2, new HandlerEnded("bulk", consumer, e.id(), 1, false));
        return true;
    }),
    MISCOUNT_IN_DEAD_LETTER(Invariant.I7, draft -> {
        Line line = draft.any(plainDeadLetters(draft, "events/a"));
        if (line == null) {
            return false;
        }
        DeadLetterFound e = (DeadLetterFound) line.event;
        line.event = new DeadLetterFound(e.source(), e.id(), e.content(), e.attempts() + 1, e.reason());
        return true;
    }),
    GIVE_UP_TOO_EARLY(Invariant.I7, draft -> {
        Line found = draft.any(plainDeadLetters(draft, "bulk").stream()
                .filter(line -> ((DeadLetterFound) line.event).reason().equals("PERMANENT")
                        && ((DeadLetterFound) line.event).attempts() < 4)
                .toList());
        Line live = found == null ? null : liveOf(draft, found);
        if (live == null) {
            return false;
        }
        DeadLettered e = (DeadLettered) live.event;
        live.event = new DeadLettered(e.source(), e.consumer(), e.id(), e.attempts(), "MAX_ATTEMPTS");
        return true;
    }),

    RETRY_TOO_SOON(Invariant.I8, draft -> {
        Handling retry = draft.any(plainRetries(draft, "events/a"));
        Handling before = retry == null ? null : previous(draft, "events/a", retry);
        if (before == null) {
            return false;
        }
        retry.start().at = before.end().at + Simulation.MILLI / 2;
        return true;
    }),
    FAIL_TOO_LATE(Invariant.I8, draft -> {
        Handling retry = draft.any(plainRetries(draft, "bulk"));
        Handling before = retry == null ? null : previous(draft, "bulk", retry);
        if (before == null) {
            return false;
        }
        before.end().at = retry.start().at - Simulation.MILLI / 2;
        return true;
    }),

    STARVE_UNKEYED_MESSAGE(Invariant.I9, draft -> starve(draft, "bulk")),
    STARVE_KEY(Invariant.I9, draft -> starve(draft, "events/a")),

    SETTLE_BEFORE_CONFIRM(Invariant.I10, draft -> {
        Line settled = draft.any(settledWithOutput(draft));
        if (settled == null) {
            return false;
        }
        String id = ((Settled) settled.event).id();
        Line confirm = draft.all(OutputConfirmed.class, e -> e.id().equals(id)).get(0);
        settled.at = confirm.at - 1;
        return true;
    }),
    SETTLE_WITHOUT_CONFIRM(Invariant.I10, draft -> {
        Line settled = draft.any(settledWithOutput(draft));
        if (settled == null) {
            return false;
        }
        String id = ((Settled) settled.event).id();
        draft.remove(draft.all(OutputConfirmed.class, e -> e.id().equals(id)));
        return true;
    }),

    APPLY_EFFECT_TWICE(Invariant.I11, draft -> {
        Line effect = draft.any(draft.all(EffectApplied.class, e -> true));
        if (effect == null) {
            return false;
        }
        draft.insertAfter(effect, 1, effect.event);
        return true;
    }),
    LOSE_EFFECT(Invariant.I11, draft -> {
        Line effect = draft.any(draft.all(
                EffectApplied.class,
                e -> draft.handlings("orders").stream()
                        .anyMatch(each -> each.started().id().equals(e.id())
                                && each.ended().succeeded())));
        return effect != null && draft.lines.remove(effect);
    }),
    SHARE_EFFECT_NAME(Invariant.I11, draft -> {
        List<Line> effects = draft.all(EffectApplied.class, e -> true);
        if (effects.size() < 2) {
            return false;
        }
        EffectApplied e = (EffectApplied) effects.get(0).event;
        EffectApplied other = (EffectApplied) effects.get(1).event;
        effects.get(0).event = new EffectApplied(e.source(), e.id(), other.id());
        return true;
    }),

    LEAVE_BACKLOG(Invariant.I12, draft -> {
        List<Line> seen = draft.all(BacklogSeen.class, e -> e.source().equals("bulk"));
        seen.get(seen.size() - 1).event = new BacklogSeen("bulk", 1);
        return true;
    }),
    DRAIN_TOO_LATE(Invariant.I12, draft -> {
        List<Line> seen = draft.all(BacklogSeen.class, e -> e.source().equals("mail"));
        draft.remove(seen.subList(0, seen.size() - 1));
        seen.get(seen.size() - 1).at += 2 * Simulation.DRAIN_BOUND.toNanos();
        return true;
    }),

    CLOSE_WITHOUT_SETTLING(Invariant.I13, draft -> {
        Handling victim = draft.any(ofClosedConsumers(draft, "bulk", draft.simple("bulk")));
        if (victim == null) {
            return false;
        }
        draft.remove(draft.of("bulk", victim.started().id()).stream()
                .filter(line -> line.event instanceof Settled)
                .toList());
        return true;
    }),
    CLOSE_UNDER_HANDLER(Invariant.I13, draft -> {
        Handling last = lastOfClosed(draft, "events/a");
        if (last == null) {
            return false;
        }
        moveClose(draft, last.started().consumer(), (last.start().at + last.end().at) / 2);
        return true;
    }),
    HANDLE_AFTER_CLOSE(Invariant.I13, draft -> {
        Handling last = lastOfClosed(draft, "events/a");
        if (last == null) {
            return false;
        }
        moveClose(draft, last.started().consumer(), last.start().at - 1);
        return true;
    }),
    LOSE_AT_CLOSE(Invariant.I13, Invariant.I1, draft -> {
        Handling victim = draft.any(ofClosedConsumers(
                draft,
                "bulk",
                plainRetries(draft, "bulk").stream()
                        .filter(each -> each.ended().succeeded())
                        .toList()));
        if (victim == null) {
            return false;
        }
        HandlerEnded e = victim.ended();
        victim.end().event = new HandlerEnded(e.source(), e.consumer(), e.id(), e.attempt(), false);
        draft.remove(draft.of("bulk", e.id()).stream()
                .filter(line -> line.event instanceof Settled)
                .toList());
        return true;
    }),

    HANDLE_TWICE(Invariant.I14, draft -> {
        Handling victim = draft.any(draft.simple("bulk"));
        if (victim == null) {
            return false;
        }
        addHandling(
                draft, victim, "bulk", victim.started().id(), victim.started().content());
        return true;
    }),
    LEAK_INTO_OTHER_SOURCE(Invariant.I14, draft -> {
        Handling near = draft.any(draft.simple("bulk"));
        Handling leaked = draft.any(draft.simple("events/a"));
        if (near == null || leaked == null) {
            return false;
        }
        addHandling(draft, near, "bulk", leaked.started().id(), leaked.started().content());
        return true;
    }),
    SKIP_ONE_SUBSCRIPTION(Invariant.I14, Invariant.I1, draft -> {
        Handling victim = draft.any(draft.simple("events/b"));
        if (victim == null) {
            return false;
        }
        draft.remove(draft.of("events/b", victim.started().id()));
        return true;
    }),
    DEAD_LETTER_TWICE(Invariant.I14, draft -> {
        Line found = draft.any(plainDeadLetters(draft, "events/a"));
        if (found == null) {
            return false;
        }
        draft.insertAfter(found, 1, found.event);
        return true;
    });

    /** Spoils a history; false if it has nothing of the kind. */
    @FunctionalInterface
    interface Change {
        boolean apply(Draft draft);
    }

    final Invariant target;

    /** Another one that may notice; the same where there is none. */
    final Invariant alsoLogical;

    @SuppressWarnings("ImmutableEnumChecker") // the lambdas capture nothing
    private final Change change;

    Mutation(Invariant target, Change change) {
        this(target, target, change);
    }

    Mutation(Invariant target, Invariant alsoLogical, Change change) {
        this.target = target;
        this.alsoLogical = alsoLogical;
        this.change = change;
    }

    boolean apply(Draft draft) {
        return change.apply(draft);
    }
}
