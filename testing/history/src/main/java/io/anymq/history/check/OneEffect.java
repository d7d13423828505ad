package io.anymq.history.check;

import io.anymq.history.Event.EffectApplied;
import java.util.HashMap;
import java.util.Map;

/**
 * I11: in a source with {@link SourceRules#effects()}, every message that was handled has an effect, no effect is there
 * twice, and none is there without a handler's call.
 *
 * <p>That is the promise of an inbox, so no crash, redelivery, zombie or double send excuses a second effect. An effect
 * is the same as another when its name is the same: the message's id, or a business key. An attempt that committed and
 * died before it could say so leaves an effect and a call without an end; that is right.
 */
final class OneEffect implements Check {
    @Override
    public Invariant invariant() {
        return Invariant.I11;
    }

    @Override
    public void run(Index index, Findings findings) {
        for (SourceFacts source : index.allSources()) {
            if (source.rules.effects()) {
                check(index, source, findings);
            }
        }
    }

    private static void check(Index index, SourceFacts source, Findings findings) {
        Map<String, Integer> effects = new HashMap<>();
        for (Journey journey : source.journeys.values()) {
            for (int i = 0; i < journey.effects.size(); i++) {
                int position = journey.effects.get(i);
                findings.fact();
                String effect = ((EffectApplied) index.entry(position).event()).effect();
                Integer other = effects.putIfAbsent(effect, position);
                if (other != null) {
                    findings.violation(
                            "the effect " + Names.quote(effect) + " exists more than once in " + Names.of(source),
                            other,
                            position);
                } else if (journey.calls.isEmpty()) {
                    findings.violation(
                            "the effect of " + Names.of(journey) + " exists in " + Names.of(source)
                                    + ", but no handler was called",
                            position);
                }
            }
            checkHandled(source, journey, findings);
        }
    }

    private static void checkHandled(SourceFacts source, Journey journey, Findings findings) {
        for (Call call : journey.calls) {
            if (call.succeeded) {
                findings.fact();
                if (journey.effects.isEmpty()) {
                    findings.violation(
                            Names.of(journey) + " was handled in " + Names.of(source) + ", but has no effect",
                            call.start,
                            call.end);
                }
                return;
            }
        }
    }
}
