package io.anymq.history.check;

import io.anymq.history.Event;
import io.anymq.history.Event.BacklogSeen;
import io.anymq.history.Event.ConsumerClosed;
import io.anymq.history.Event.ConsumerClosing;
import io.anymq.history.Event.ConsumerCrashed;
import io.anymq.history.Event.ConsumerOpened;
import io.anymq.history.Event.DeadLetterFound;
import io.anymq.history.Event.DeadLettered;
import io.anymq.history.Event.DuplicateSkipped;
import io.anymq.history.Event.EffectApplied;
import io.anymq.history.Event.FaultBegan;
import io.anymq.history.Event.FaultHealed;
import io.anymq.history.Event.HandlerEnded;
import io.anymq.history.Event.HandlerStarted;
import io.anymq.history.Event.OutputConfirmed;
import io.anymq.history.Event.OutputPublished;
import io.anymq.history.Event.ProducerCrashed;
import io.anymq.history.Event.Provisioned;
import io.anymq.history.Event.Redriven;
import io.anymq.history.Event.SendEnded;
import io.anymq.history.Event.Sent;
import io.anymq.history.Event.Settled;
import io.anymq.history.History;
import io.anymq.history.SendOutcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes the {@link Index} in two passes: sends first, so that every journey knows its message, then all the rest. */
final class Indexer {
    private record SendKey(String producer, String destination, String id) {}

    private record CallKey(String process, String source, String consumer, String id, int attempt) {}

    private record OpenOutput(String source, String input, OutputKey output) {}

    private final History history;
    private final Index index;
    private final Map<SendKey, Send> openSends = new HashMap<>();
    private final Map<CallKey, Call> openCalls = new HashMap<>();
    private final Map<OpenOutput, Send> openOutputs = new HashMap<>();
    private final Map<String, Integer> openFaults = new HashMap<>();

    Indexer(History history, Expectations expectations) {
        this.history = history;
        this.index = new Index(history, expectations);
        for (Expectations.SourceSpec spec : expectations.sources()) {
            index.sources.put(spec.name(), new SourceFacts(spec));
        }
    }

    Index index() {
        for (int i = 0; i < history.size(); i++) {
            Event event = history.get(i).event();
            if (event instanceof Sent e) {
                message(e.destination(), e.id());
            } else if (event instanceof OutputPublished e) {
                message(e.destination(), e.outputId());
            }
        }
        for (int i = 0; i < history.size(); i++) {
            add(i, history.get(i).event());
        }
        gatherIntervals();
        return index;
    }

    private Message message(String destination, String id) {
        return index.messages
                .computeIfAbsent(destination, key -> new LinkedHashMap<>())
                .computeIfAbsent(id, key -> new Message(destination, id));
    }

    private SourceFacts source(String name, int i) {
        SourceFacts source = index.sources.get(name);
        if (source == null) {
            throw new IllegalArgumentException(
                    "no source is declared for this event; add its queue or subscription to the expectations:" + " "
                            + history.get(i));
        }
        return source;
    }

    private Journey journey(String source, String id, int i) {
        SourceFacts facts = source(source, i);
        return facts.journeys.computeIfAbsent(
                id, key -> new Journey(id, index.messagesOf(facts.destination).get(id)));
    }

    /** Like above, and the consumer was alive at this moment. */
    private Journey journey(String source, String consumer, String id, int i) {
        source(source, i).consumer(consumer).lastAct = i;
        return journey(source, id, i);
    }

    private void add(int i, Event event) {
        if (event instanceof HandlerStarted e) {
            started(i, e);
        } else if (event instanceof HandlerEnded e) {
            ended(i, e);
        } else if (event instanceof Settled e) {
            Journey journey = journey(e.source(), e.consumer(), e.id(), i);
            journey.settled = journey.settled.plus(i);
        } else if (event instanceof Sent e) {
            sent(i, e);
        } else if (event instanceof SendEnded e) {
            sendEnded(i, e);
        } else if (event instanceof OutputPublished e) {
            published(i, e);
        } else if (event instanceof OutputConfirmed e) {
            confirmed(i, e);
        } else if (event instanceof EffectApplied e) {
            Journey journey = journey(e.source(), e.id(), i);
            journey.effects = journey.effects.plus(i);
        } else if (event instanceof DuplicateSkipped e) {
            Journey journey = journey(e.source(), e.consumer(), e.id(), i);
            journey.skipped = journey.skipped.plus(i);
        } else if (event instanceof DeadLettered e) {
            Journey journey = journey(e.source(), e.consumer(), e.id(), i);
            journey.deadLettered = journey.deadLettered.plus(i);
        } else if (event instanceof DeadLetterFound e) {
            Journey journey = journey(e.source(), e.id(), i);
            journey.found = journey.found.plus(i);
        } else if (event instanceof Redriven e) {
            Journey journey = journey(e.source(), e.id(), i);
            journey.redriven = journey.redriven.plus(i);
        } else {
            addAround(i, event);
        }
    }

    private void addAround(int i, Event event) {
        if (event instanceof BacklogSeen e) {
            SourceFacts source = source(e.source(), i);
            source.backlog = source.backlog.plus(i);
        } else if (event instanceof Provisioned e) {
            SourceFacts source = source(e.source(), i);
            source.provisioned = source.provisioned.plus(i);
        } else if (event instanceof ConsumerOpened e) {
            ConsumerFacts consumer = source(e.source(), i).consumer(e.consumer());
            consumer.opened = consumer.opened.plus(i);
        } else if (event instanceof ConsumerClosing e) {
            ConsumerFacts consumer = source(e.source(), i).consumer(e.consumer());
            consumer.closing = consumer.closing.plus(i);
        } else if (event instanceof ConsumerClosed e) {
            ConsumerFacts consumer = source(e.source(), i).consumer(e.consumer());
            if (e.clean()) {
                consumer.closedCleanly = consumer.closedCleanly.plus(i);
            } else {
                consumer.closedUncleanly = consumer.closedUncleanly.plus(i);
            }
        } else if (event instanceof ConsumerCrashed e) {
            ConsumerFacts consumer = source(e.source(), i).consumer(e.consumer());
            consumer.crashed = consumer.crashed.plus(i);
        } else if (event instanceof FaultBegan e) {
            index.faults.put(i, Findings.NONE);
            openFaults.put(e.fault(), i);
        } else if (event instanceof FaultHealed e) {
            Integer began = openFaults.remove(e.fault());
            if (began != null) {
                index.faults.put(began, i);
            }
        } else if (event instanceof ProducerCrashed) {
            index.producerCrashes = index.producerCrashes.plus(i);
        } else {
            throw new IllegalStateException("the checker does not support the event " + event.getClass());
        }
    }

    private void sent(int i, Sent e) {
        Send send = new Send(i, e.content(), e.delayNanos(), e.producer(), null);
        message(e.destination(), e.id()).sends.add(send);
        send.hidden = openSends.put(new SendKey(e.producer(), e.destination(), e.id()), send);
    }

    private void sendEnded(int i, SendEnded e) {
        SendKey key = new SendKey(e.producer(), e.destination(), e.id());
        Send send = openSends.remove(key);
        if (send == null) {
            index.strayEnds = index.strayEnds.plus(i);
            return;
        }
        send.ended = i;
        send.outcome = e.outcome();
        if (send.hidden != null) {
            openSends.put(key, send.hidden);
            send.hidden = null;
        }
    }

    private void started(int i, HandlerStarted e) {
        Call call = new Call(i, e.consumer(), e.attempt());
        journey(e.source(), e.consumer(), e.id(), i).calls.add(call);
        call.hidden = openCalls.put(callKey(i, e.source(), e.consumer(), e.id(), e.attempt()), call);
    }

    private void ended(int i, HandlerEnded e) {
        journey(e.source(), e.consumer(), e.id(), i);
        CallKey key = callKey(i, e.source(), e.consumer(), e.id(), e.attempt());
        Call call = openCalls.remove(key);
        if (call != null) {
            call.end = i;
            call.succeeded = e.succeeded();
            if (call.hidden != null) {
                openCalls.put(key, call.hidden);
                call.hidden = null;
            }
        }
    }

    private CallKey callKey(int i, String source, String consumer, String id, int attempt) {
        return new CallKey(history.get(i).process(), source, consumer, id, attempt);
    }

    private void published(int i, OutputPublished e) {
        journey(e.source(), e.consumer(), e.id(), i);
        Call call = openCalls.get(callKey(i, e.source(), e.consumer(), e.id(), e.attempt()));
        if (call != null) {
            call.outputs = call.outputs.plus(i);
        }
        Send send = new Send(i, e.content(), 0, null, call);
        message(e.destination(), e.outputId()).sends.add(send);
        OutputKey output = new OutputKey(e.consumer(), e.destination(), e.outputId());
        openOutputs.put(new OpenOutput(e.source(), e.id(), output), send);
    }

    private void confirmed(int i, OutputConfirmed e) {
        OutputKey output = new OutputKey(e.consumer(), e.destination(), e.outputId());
        journey(e.source(), e.consumer(), e.id(), i).outputConfirmed(output, i);
        Send send = openOutputs.remove(new OpenOutput(e.source(), e.id(), output));
        if (send != null) {
            send.ended = i;
            send.outcome = SendOutcome.CONFIRMED;
        }
    }

    private void gatherIntervals() {
        List<long[]> outages = new ArrayList<>();
        Map<String, List<long[]>> targeted = new HashMap<>();
        index.faults.forEach((began, healed) -> {
            long end = healed == Findings.NONE ? Intervals.NEVER : later(healed);
            String consumer = ((FaultBegan) history.get(began).event()).consumer();
            List<long[]> spans =
                    consumer == null ? outages : targeted.computeIfAbsent(consumer, k -> new ArrayList<>());
            spans.add(new long[] {index.at(began), end});
        });
        boolean repeats = index.expectations().redelivery() != Redelivery.NEVER;
        for (SourceFacts source : index.allSources()) {
            List<long[]> disruptions = new ArrayList<>();
            List<long[]> handovers = new ArrayList<>();
            if (repeats) {
                disruptions.addAll(outages);
            }
            source.consumers.forEach((name, consumer) -> {
                if (repeats) {
                    List<long[]> troubles = troubles(consumer);
                    troubles.addAll(targeted.getOrDefault(name, List.of()));
                    disruptions.addAll(troubles);
                    troubles.addAll(outages);
                    consumer.troubles = Intervals.of(troubles);
                }
                addHandovers(consumer, handovers);
            });
            handovers.addAll(disruptions);
            source.disruptions = Intervals.of(disruptions);
            source.handovers = Intervals.of(handovers);
        }
    }

    private List<long[]> troubles(ConsumerFacts consumer) {
        List<long[]> spans = new ArrayList<>();
        for (int i = 0; i < consumer.crashed.size(); i++) {
            int crash = consumer.crashed.get(i);
            // it was recorded before the kill, so the consumer may have gone on for a moment
            int death = consumer.opened.after(crash) == Findings.NONE ? Math.max(crash, consumer.lastAct) : crash;
            spans.add(new long[] {index.at(crash), later(death)});
        }
        for (int i = 0; i < consumer.closedUncleanly.size(); i++) {
            int closed = consumer.closedUncleanly.get(i);
            spans.add(new long[] {index.at(closingOf(consumer, closed)), later(closed)});
        }
        return spans;
    }

    private void addHandovers(ConsumerFacts consumer, List<long[]> handovers) {
        for (int i = 0; i < consumer.closedCleanly.size(); i++) {
            int closed = consumer.closedCleanly.get(i);
            handovers.add(new long[] {index.at(closingOf(consumer, closed)), index.at(closed)});
        }
        for (int i = 0; i < consumer.opened.size(); i++) {
            int opened = consumer.opened.get(i);
            handovers.add(new long[] {index.at(opened), later(opened)});
        }
    }

    private static int closingOf(ConsumerFacts consumer, int closed) {
        int closing = consumer.closing.before(closed);
        return closing == Findings.NONE ? closed : closing;
    }

    private long later(int position) {
        return index.at(position) + index.expectations().aftermathNanos();
    }
}
