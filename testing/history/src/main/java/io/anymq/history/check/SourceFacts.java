package io.anymq.history.check;

import io.anymq.history.Entry;
import io.anymq.history.Event;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All that happened in one source. */
final class SourceFacts {
    final String name;
    final String destination;
    final SourceRules rules;

    /** By message id, in the order of their first event. */
    final Map<String, Journey> journeys = new LinkedHashMap<>();

    final Map<String, ConsumerFacts> consumers = new HashMap<>();
    Positions provisioned = Positions.EMPTY;
    Positions backlog = Positions.EMPTY;

    /** Events that may repeat messages and break series of attempts. */
    Intervals disruptions = Intervals.NONE;

    /** The same, and whatever hands messages over from one consumer to another. */
    Intervals handovers = Intervals.NONE;

    SourceFacts(Expectations.SourceSpec spec) {
        name = spec.name();
        destination = spec.destination();
        rules = spec.rules();
    }

    ConsumerFacts consumer(String consumer) {
        return consumers.computeIfAbsent(consumer, key -> new ConsumerFacts());
    }

    /** The key of the messages that share an order with this one; null if there are none. */
    @Nullable
    String laneOf(Journey journey, Index index) {
        if (rules.order() == Order.TOTAL) {
            return "";
        }
        if (rules.order() == Order.UNORDERED) {
            return null;
        }
        // not the content the handler got, which is checked elsewhere
        Message message = journey.message;
        if (message != null) {
            return message.key();
        }
        if (journey.calls.isEmpty()) {
            return null;
        }
        Entry start = index.entry(journey.calls.get(0).start);
        return ((Event.HandlerStarted) start.event()).content().key();
    }

    /** The calls of each lane in the order of their starts. */
    Map<String, List<LaneCall>> lanes(Index index) {
        Map<String, List<LaneCall>> lanes = new LinkedHashMap<>();
        for (Journey journey : journeys.values()) {
            String lane = laneOf(journey, index);
            if (lane != null) {
                List<LaneCall> calls = lanes.computeIfAbsent(lane, key -> new ArrayList<>());
                for (Call call : journey.calls) {
                    calls.add(new LaneCall(journey, call));
                }
            }
        }
        lanes.values().forEach(calls -> calls.sort(Comparator.comparingInt(each -> each.call().start)));
        return Collections.unmodifiableMap(lanes);
    }

    record LaneCall(Journey journey, Call call) {}
}
