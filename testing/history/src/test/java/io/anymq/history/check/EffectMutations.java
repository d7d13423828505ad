package io.anymq.history.check;

import io.anymq.history.Event.BacklogSeen;
import io.anymq.history.Event.EffectApplied;
import io.anymq.history.Event.OutputConfirmed;
import io.anymq.history.Event.Settled;
import io.anymq.history.check.Draft.Line;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Outputs, effects and backlogs that are not what was done. */
final class EffectMutations {
    private EffectMutations() {}

    static boolean settleBeforeConfirm(Draft draft) {
        Line settled = draft.any(settledWithOutput(draft));
        if (settled == null) {
            return false;
        }
        String id = ((Settled) settled.event).id();
        Line confirm = draft.all(OutputConfirmed.class, e -> e.id().equals(id)).get(0);
        settled.at = confirm.at - 1;
        return true;
    }

    static boolean settleWithoutConfirm(Draft draft) {
        Line settled = draft.any(settledWithOutput(draft));
        if (settled == null) {
            return false;
        }
        String id = ((Settled) settled.event).id();
        draft.remove(draft.all(OutputConfirmed.class, e -> e.id().equals(id)));
        return true;
    }

    static boolean applyEffectTwice(Draft draft) {
        Line effect = draft.any(draft.all(EffectApplied.class, e -> true));
        if (effect == null) {
            return false;
        }
        draft.insertAfter(effect, 1, effect.event);
        return true;
    }

    static boolean loseEffect(Draft draft) {
        Line effect = draft.any(draft.all(
                EffectApplied.class,
                e -> draft.handlings("orders").stream()
                        .anyMatch(each -> each.started().id().equals(e.id())
                                && each.ended().succeeded())));
        return effect != null && draft.lines.remove(effect);
    }

    static boolean shareEffectName(Draft draft) {
        List<Line> effects = draft.all(EffectApplied.class, e -> true);
        if (effects.size() < 2) {
            return false;
        }
        EffectApplied e = (EffectApplied) effects.get(0).event;
        EffectApplied other = (EffectApplied) effects.get(1).event;
        effects.get(0).event = new EffectApplied(e.source(), e.id(), other.id());
        return true;
    }

    static boolean leaveBacklog(Draft draft) {
        List<Line> seen = draft.all(BacklogSeen.class, e -> e.source().equals("bulk"));
        seen.get(seen.size() - 1).event = new BacklogSeen("bulk", 1);
        return true;
    }

    static boolean drainTooLate(Draft draft) {
        List<Line> seen = draft.all(BacklogSeen.class, e -> e.source().equals("mail"));
        draft.remove(seen.subList(0, seen.size() - 1));
        seen.get(seen.size() - 1).at += 2 * Simulation.DRAIN_BOUND.toNanos();
        return true;
    }

    private static List<Line> settledWithOutput(Draft draft) {
        Set<String> simple = new HashSet<>();
        draft.simple("orders").forEach(each -> simple.add(each.started().id()));
        return draft.all(
                Settled.class,
                e -> e.source().equals("orders")
                        && simple.contains(e.id())
                        && draft.all(OutputConfirmed.class, o -> o.id().equals(e.id()))
                                        .size()
                                == 1);
    }
}
