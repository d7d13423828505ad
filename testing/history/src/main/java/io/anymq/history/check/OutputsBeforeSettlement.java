package io.anymq.history.check;

import io.anymq.history.Event;
import io.anymq.history.Event.DeadLettered;
import io.anymq.history.Event.DuplicateSkipped;
import io.anymq.history.Event.OutputPublished;
import io.anymq.history.Event.Settled;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * I10: when a consumer settles a message, every output of the attempt by which it succeeded is confirmed.
 *
 * <p>A confirm from an earlier attempt of the same consumer counts, as outputs keep their ids. Each dead letter, each
 * recognized duplicate and each success with all outputs confirmed is a reason to settle once. A settlement for which
 * there is such a reason is excused even if a later success still waits for its outputs: the message came twice, or it
 * was dead-lettered because its outputs were refused. Crashes and faults excuse nothing: losing a message does not
 * settle it.
 */
final class OutputsBeforeSettlement implements Check {
    /** In this order where they fall together. */
    private enum Kind {
        SUCCESS,
        REASON,
        SETTLED
    }

    private record Step(
            int position,
            Kind kind,
            String consumer,
            @Nullable Call call) {}

    @Override
    public Invariant invariant() {
        return Invariant.I10;
    }

    @Override
    public void run(Index index, Findings findings) {
        for (SourceFacts source : index.allSources()) {
            for (Journey journey : source.journeys.values()) {
                if (!journey.settled.isEmpty() && hasOutputs(journey)) {
                    check(index, source, journey, findings);
                }
            }
        }
    }

    private static boolean hasOutputs(Journey journey) {
        for (Call call : journey.calls) {
            if (!call.outputs.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private static void check(Index index, SourceFacts source, Journey journey, Findings findings) {
        List<Step> steps = new ArrayList<>();
        for (Call call : journey.calls) {
            if (call.succeeded) {
                steps.add(new Step(call.end, Kind.SUCCESS, call.consumer, call));
                int confirmed = lastConfirm(index, journey, call);
                if (confirmed != Findings.NONE) {
                    steps.add(new Step(confirmed, Kind.REASON, call.consumer, call));
                }
            }
        }
        addReasons(index, journey.deadLettered, steps);
        addReasons(index, journey.skipped, steps);
        for (int i = 0; i < journey.settled.size(); i++) {
            int position = journey.settled.get(i);
            steps.add(new Step(
                    position, Kind.SETTLED, ((Settled) index.entry(position).event()).consumer(), null));
        }
        steps.sort(Comparator.comparingInt(Step::position).thenComparing(Step::kind));
        Map<String, Call> last = new HashMap<>();
        Map<String, Integer> reasons = new HashMap<>();
        for (Step step : steps) {
            if (step.kind() == Kind.SUCCESS) {
                last.put(step.consumer(), step.call());
            } else if (step.kind() == Kind.REASON) {
                reasons.merge(step.consumer(), 1, Integer::sum);
            } else {
                Call call = last.get(step.consumer());
                boolean reason = reasons.merge(step.consumer(), -1, Integer::sum) >= 0;
                if (!reason) {
                    reasons.put(step.consumer(), 0);
                }
                if (call != null) {
                    checkOutputs(index, source, journey, call, step.position(), reason, findings);
                }
            }
        }
    }

    private static void addReasons(Index index, Positions positions, List<Step> steps) {
        for (int i = 0; i < positions.size(); i++) {
            int position = positions.get(i);
            Event event = index.entry(position).event();
            String consumer = event instanceof DeadLettered e ? e.consumer() : ((DuplicateSkipped) event).consumer();
            steps.add(new Step(position, Kind.REASON, consumer, null));
        }
    }

    /** When the last output was confirmed, or the call's end when that was later; NONE if one never was. */
    private static int lastConfirm(Index index, Journey journey, Call call) {
        int last = call.end;
        for (int i = 0; i < call.outputs.size(); i++) {
            int confirmed = confirm(index, journey, call, i);
            if (confirmed == Findings.NONE) {
                return Findings.NONE;
            }
            last = Math.max(last, confirmed);
        }
        return last;
    }

    private static int confirm(Index index, Journey journey, Call call, int output) {
        OutputPublished event =
                (OutputPublished) index.entry(call.outputs.get(output)).event();
        return journey.confirmOf(new OutputKey(call.consumer, event.destination(), event.outputId()));
    }

    private static void checkOutputs(
            Index index,
            SourceFacts source,
            Journey journey,
            Call call,
            int settled,
            boolean otherReason,
            Findings findings) {
        for (int i = 0; i < call.outputs.size(); i++) {
            findings.fact();
            int confirmed = confirm(index, journey, call, i);
            if (confirmed != Findings.NONE && !index.before(settled, confirmed)) {
                continue;
            }
            if (otherReason) {
                findings.excused();
                continue;
            }
            int published = call.outputs.get(i);
            String output = ((OutputPublished) index.entry(published).event()).outputId();
            findings.violation(
                    Names.of(journey) + " was settled in " + Names.of(source) + " before its output "
                            + Names.quote(output) + " was confirmed",
                    published,
                    settled,
                    confirmed);
        }
    }
}
