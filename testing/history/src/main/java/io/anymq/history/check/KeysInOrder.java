package io.anymq.history.check;

import io.anymq.history.Event;
import io.anymq.history.Event.Sent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * I5: where a source keeps order, the confirmed messages that one producer sent with one key begin in the order of the
 * sends, and none begins while an earlier one still has an attempt to come. With total order, all of a producer's
 * messages count as one key.
 *
 * <p>A message begins with its first attempt, or with its dead letter when it has none (undecodable, parked key). Its
 * last attempt to come is the one that ends it: a success, or the last before its dead letter. So a message that
 * overtakes an earlier one during its backoff is found, although the first attempts were in order. Attempts after that
 * end are repetitions: a crash, a zombie or a redrive may bring an earlier message back, and then nothing is violated
 * here; I14 asks whether the repetition had a reason. Nothing excuses a violation: crashes rewind, they do not reorder.
 *
 * <p>Left out, because their place is not known: messages without a key (on a per-key source), with a delay, sent by
 * two producers, or never confirmed. A message that was sent again has its place somewhere from its first send to the
 * first that was confirmed. Outputs of handlers come in no producer's order.
 */
final class KeysInOrder implements Check {
    private record Stream(String producer, String lane) {}

    /** A message with its place among the sends, and when it began and was ended in the source. */
    private record Item(Message message, int firstSend, int confirmedSend, int begun, int ending) {}

    @Override
    public Invariant invariant() {
        return Invariant.I5;
    }

    @Override
    public void run(Index index, Findings findings) {
        for (SourceFacts source : index.allSources()) {
            if (source.rules.order() != Order.UNORDERED) {
                for (List<Item> stream : streams(index, source).values()) {
                    findings.facts(stream.size() - 1);
                    check(index, source, stream, findings);
                }
            }
        }
    }

    private static Map<Stream, List<Item>> streams(Index index, SourceFacts source) {
        Map<Stream, List<Item>> streams = new LinkedHashMap<>();
        for (Journey journey : source.journeys.values()) {
            Message message = journey.message;
            String lane = source.laneOf(journey, index);
            int begun = journey.firstSeen();
            if (message == null || lane == null || begun == Findings.NONE) {
                continue;
            }
            String producer = onlyProducer(message);
            Send confirmed = message.confirmed();
            if (producer != null && confirmed != null) {
                Item item = new Item(
                        message,
                        message.sends.get(0).sent,
                        confirmed.sent,
                        begun,
                        ending(index, source, journey, begun));
                streams.computeIfAbsent(new Stream(producer, lane), key -> new ArrayList<>())
                        .add(item);
            }
        }
        return streams;
    }

    private static @Nullable String onlyProducer(Message message) {
        String producer = message.sends.get(0).producer;
        for (Send send : message.sends) {
            if (producer == null || !producer.equals(send.producer) || send.delayNanos > 0) {
                return null;
            }
        }
        return producer;
    }

    /** The start of the attempt that ended the message. */
    private static int ending(Index index, SourceFacts source, Journey journey, int begun) {
        int end = journey.firstEnd(source.rules);
        if (!journey.redriven.isEmpty() && (end == Findings.NONE || journey.redriven.first() < end)) {
            end = journey.redriven.first();
        }
        int ending = begun;
        for (Call call : journey.calls) {
            if (end == Findings.NONE || index.before(call.start, end)) {
                ending = call.start;
            } else if (call.start > end) {
                break;
            }
        }
        return ending;
    }

    /**
     * One sweep over time: messages that have certainly begun when one gets its last attempt must not be sent later.
     */
    private static void check(Index index, SourceFacts source, List<Item> stream, Findings findings) {
        List<Item> begun = new ArrayList<>(stream);
        begun.sort(Comparator.comparingInt(Item::begun));
        List<Item> endings = new ArrayList<>(stream);
        endings.sort(Comparator.comparingInt(Item::ending));
        Map<String, Item> latestByProcess = new HashMap<>();
        Item latest = null;
        int byPosition = 0;
        int byTime = 0;
        for (Item item : endings) {
            while (byPosition < begun.size() && begun.get(byPosition).begun() < item.ending()) {
                Item other = begun.get(byPosition++);
                latestByProcess.merge(process(index, other.begun()), other, KeysInOrder::later);
            }
            while (byTime < byPosition && isLongBefore(index, begun.get(byTime).begun(), item.ending())) {
                Item other = begun.get(byTime++);
                latest = latest == null ? other : later(latest, other);
            }
            Item inProcess = latestByProcess.get(process(index, item.ending()));
            Item overtaker = latest == null || inProcess == null
                    ? latest == null ? inProcess : latest
                    : later(latest, inProcess);
            if (overtaker != null && overtaker.firstSend() > item.confirmedSend()) {
                report(index, source, item, overtaker, findings);
            }
        }
    }

    private static Item later(Item a, Item b) {
        return b.firstSend() > a.firstSend() ? b : a;
    }

    private static String process(Index index, int position) {
        return index.entry(position).process();
    }

    private static boolean isLongBefore(Index index, int first, int second) {
        return index.nanosBetween(first, second) > index.expectations().skewNanos();
    }

    private static void report(Index index, SourceFacts source, Item item, Item overtaker, Findings findings) {
        Event sent = index.entry(item.firstSend()).event();
        String key = source.rules.order() == Order.TOTAL
                ? ""
                : " of key " + Names.quote(((Sent) sent).content().key());
        String what = overtaker.begun() < item.begun() ? " began before " : " began before the last attempt for ";
        String sentence = "in " + Names.of(source) + key + ", " + Names.quote(overtaker.message().id) + what
                + Names.quote(item.message().id) + ", which was sent earlier";
        findings.violation(
                sentence, item.confirmedSend(), overtaker.firstSend(), overtaker.begun(), item.begun(), item.ending());
    }
}
