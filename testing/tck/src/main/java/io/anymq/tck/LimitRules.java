package io.anymq.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.ErrorCode;
import io.anymq.Limits;
import io.anymq.Message;
import io.anymq.Producer;
import io.anymq.ProducerOptions;
import io.anymq.Queue;
import io.anymq.SendException;
import io.anymq.Topic;
import io.anymq.policy.DeadLetterPolicy;
import io.anymq.spi.Capability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** LIM: what passes, and how the rest is refused. */
final class LimitRules {
    /** Of one or the other broker: routing, grouping, answering, priority, a type of its own. */
    private static final List<String> NAMES_WITH_A_MEANING = List.of(
            "CC",
            "BCC",
            "x-match",
            "x-stream-filter-value",
            "alternate-exchange",
            "JMSXGroupID",
            "JMSXGroupSeq",
            "JMSReplyTo",
            "JMSType",
            "JMSPriority",
            "JMSDeliveryMode",
            "_AMQ_GROUP_ID",
            "_AMQ_LVQ_NAME",
            "_AMQ_DUPL_ID",
            "KEYS",
            "TAGS",
            "__SHARDINGKEY",
            "REAL_TOPIC",
            "RETRY_TOPIC",
            "UNIQ_KEY",
            "WAIT");

    private static final List<String> NAMES_OF_TIMES = List.of(
            "x-delay",
            "expiration",
            "x-message-ttl",
            "AMQ_SCHEDULED_DELAY",
            "AMQ_SCHEDULED_REPEAT",
            "_AMQ_SCHED_DELIVERY",
            "JMSExpiration",
            "DELAY",
            "TIMER_DELAY_MS",
            "TIMER_DELIVER_MS",
            "CONSUME_START_TIME");

    /** Scripts of both directions, combining marks, an emoji of several code points, a noncharacter, white space. */
    private static final String UNICODE =
            "Ünïcödé ⟨ключ⟩ 鍵 مفتاح e\u0301 \uD83D\uDC69\u200D\uD83D\uDE80 \uD835\uDD38 \uFFFF \t\r\n \u0001\u0002 \u0085 end";

    private static final String HALF = "half \uD83D pair";

    private static Handled<String> roundTrip(TckContext t, Queue queue, Message<String> message) {
        RecordingHandler<String> recorder = t.recorder();
        t.client().consumer(queue, String.class).start(recorder);
        t.send(queue, message);
        t.awaitCompleted(recorder, 1);
        return recorder.calls().get(0);
    }

    @Rule(id = "LIM-1", check = "which characters and lengths the broker takes in names, and how others are mapped")
    void namesArePortable(TckContext t) {
        for (String bad : List.of("", "a.b", "a b", "a/b", "ä", "a*", "x".repeat(Limits.MAX_NAME_LENGTH + 1))) {
            t.refused(ErrorCode.INVALID_NAME, () -> Queue.of(bad));
            t.refused(ErrorCode.INVALID_NAME, () -> Topic.of(bad));
            t.refused(ErrorCode.INVALID_NAME, () -> Topic.of("t").subscription(bad));
        }
        String own = t.name("lim");
        String longest = own + "-" + "Z_9".repeat(30);
        String name = longest.substring(0, Limits.MAX_NAME_LENGTH);
        RecordingHandler<String> recorder = t.recorder();
        t.client()
                .consumer(Queue.of(name), String.class)
                .deadLetter(DeadLetterPolicy.to(t.name("dead")))
                .start(recorder);
        t.sendBodies(Queue.of(name), "long name");
        t.awaitCompleted(recorder, 1);
        if (t.capabilities().has(Capability.TOPICS)) {
            Topic topic = Topic.of("t" + name.substring(1));
            RecordingHandler<String> subscriber = t.recorder();
            t.client()
                    .consumer(topic.subscription("s" + name.substring(1)), String.class)
                    .deadLetter(DeadLetterPolicy.to(t.name("dead")))
                    .start(subscriber);
            t.send(t.producer(topic), List.of(Message.of("long names")));
            t.awaitCompleted(subscriber, 1);
        }
    }

    @Rule(id = "LIM-2", check = "nothing in the adapter")
    void headerNamesAreChecked(TckContext t) {
        Message<String> message = Message.of("x");
        for (String bad : List.of("mq-id", "MQ-anything", "", "with space", "ü", "tab\t", "x".repeat(129))) {
            t.refused(ErrorCode.INVALID_MESSAGE, () -> message.withHeader(bad, "value"));
            t.refused(ErrorCode.INVALID_MESSAGE, () -> message.withHeaders(Map.of(bad, "value")));
        }
    }

    @Rule(id = "LIM-3", check = "the broker's own limits on header sizes")
    void headersUpToTheLimit(TckContext t) {
        String name = "large";
        String value = "v".repeat(Limits.MAX_HEADER_BYTES - name.length());
        Message<String> fits = Messages.keyed("k", "x").withHeader(name, value);
        assertThat(roundTrip(t, t.queue(), fits).headers()).isEqualTo(Map.of(name, value));
        t.refused(ErrorCode.TOO_LARGE, () -> Message.of("x").withHeader(name, value + "v"));
        t.refused(
                ErrorCode.TOO_LARGE,
                () -> Message.of("x").withHeader(name, "\u20ac".repeat(Limits.MAX_HEADER_BYTES / 3)));
    }

    @Rule(id = "LIM-4", check = "the broker's and the vendor client's limits on message sizes")
    void bodyUpToTheLimit(TckContext t) throws Exception {
        Queue queue = t.queue();
        int limit = Math.min(Limits.DEFAULT_MAX_BODY_BYTES, t.capabilities().maxBodyBytes());
        Producer<byte[]> producer = t.client().producer(queue, byte[].class);
        byte[] largest = new byte[limit];
        for (int i = 0; i < limit; i++) {
            largest[i] = (byte) ((i * 31) >>> 3);
        }
        SendException tooLarge = t.failure(producer.send(new byte[limit + 1]));
        assertThat(tooLarge.code()).isEqualTo(ErrorCode.TOO_LARGE);
        assertThat(tooLarge.outcome()).isEqualTo(SendException.Outcome.REJECTED);
        assertThat(tooLarge).hasMessageContaining(Integer.toString(limit));
        t.send(producer, List.of(Message.of(largest).withHeader("h", "v".repeat(16_000))));
        t.held(queue.name(), 1);
        RecordingHandler<byte[]> recorder = t.recorder();
        t.client().consumer(queue, byte[].class).start(recorder);
        t.awaitCompleted(recorder, 1);
        assertThat(recorder.bodies().get(0)).isEqualTo(largest);
    }

    @Rule(id = "LIM-5", check = "how text is encoded: always UTF-8, never the platform's or modified UTF-8")
    void unicodeSurvives(TckContext t) {
        Message<String> message = Message.of(UNICODE)
                .withId("id " + UNICODE)
                .withKey(UNICODE)
                .withHeaders(Map.of("a", UNICODE, "b", "\uD83D\uDC1F"));
        Handled<String> call = roundTrip(t, t.queue(), message);
        assertThat(call.id()).isEqualTo("id " + UNICODE);
        assertThat(call.key()).isEqualTo(UNICODE);
        assertThat(call.body()).isEqualTo(UNICODE);
        assertThat(call.headers()).isEqualTo(message.headers());
    }

    @Rule(id = "LIM-6", check = "whether an empty body becomes null, a tombstone or nothing at all")
    void emptyBodyIsABody(TckContext t) throws Exception {
        Queue queue = t.queue();
        t.send(queue, Messages.keyed("k", "").withId("empty text"));
        t.send(
                t.client().producer(queue, byte[].class),
                List.of(Message.of(new byte[0]).withKey("k").withId("empty bytes")));
        assertThat(t.held(queue.name(), 2))
                .allSatisfy(held -> assertThat(held.body()).isEmpty());
        RecordingHandler<byte[]> recorder = t.recorder();
        t.client().consumer(queue, byte[].class).start(recorder);
        t.send(queue, Messages.keyed("k", "sentinel").withId("sentinel"));
        t.await("the last one arrives", () -> recorder.callsOf("sentinel").size() == 1);
        assertThat(recorder.ids()).containsExactly("empty text", "empty bytes", "sentinel");
        assertThat(recorder.bodies().subList(0, 2))
                .allSatisfy(body -> assertThat(body).isEmpty());
        Handled<String> text = roundTrip(t, t.queue(), Message.of(""));
        assertThat(text.body()).isEmpty();
    }

    @Rule(id = "LIM-7", check = "nothing in the adapter")
    void halfASurrogatePairIsRefused(TckContext t) {
        Message<String> message = Message.of("x");
        t.refused(ErrorCode.INVALID_MESSAGE, () -> message.withKey(HALF));
        t.refused(ErrorCode.INVALID_MESSAGE, () -> message.withId(HALF));
        t.refused(ErrorCode.INVALID_MESSAGE, () -> message.withHeader("h", HALF));
        t.refused(ErrorCode.INVALID_MESSAGE, () -> message.withKey("\uDC00 the other half"));
        SendException failure = t.failure(t.producer(t.queue()).send(HALF));
        assertThat(failure.code()).isEqualTo(ErrorCode.ENCODING);
        assertThat(failure.outcome()).isEqualTo(SendException.Outcome.REJECTED);
    }

    @Rule(id = "LIM-8", check = "reserved words and separators of the broker in header names and values")
    void headersAreData(TckContext t) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (char c = '!'; c <= '~'; c++) {
            headers.put("h" + c, String.valueOf(c));
            if (Character.isLetter(c)) {
                headers.put(String.valueOf(c), "single");
            }
        }
        for (String reserved :
                List.of("JMSXGroupID", "x-death", "KEYS", "TAGS", "content-type", "NULL", "kafka_topic")) {
            headers.put(reserved, "mine");
        }
        t.harness().reservedHeaders().forEach(reserved -> headers.put(reserved, "mine"));
        headers.put("empty", "");
        headers.put("space", "  ");
        headers.put("control", "\u0000\u0001\u0002\n\r\t\u001F");
        headers.put("x".repeat(Limits.MAX_HEADER_NAME_LENGTH), "longest name");
        headers.put("case", "lower");
        headers.put("CASE", "upper");
        Handled<String> call = roundTrip(t, t.queue(), Messages.keyed("k", "x").withHeaders(headers));
        assertThat(call.headers()).isEqualTo(headers);
    }

    @Rule(id = "LIM-9", check = "whether a body is ever treated as text")
    void bodiesAreBytes(TckContext t) {
        Queue queue = t.queue();
        byte[] every = new byte[256];
        for (int i = 0; i < every.length; i++) {
            every[i] = (byte) i;
        }
        RecordingHandler<byte[]> recorder = t.recorder();
        t.client().consumer(queue, byte[].class).start(recorder);
        t.send(t.client().producer(queue, byte[].class), List.of(Message.of(every)));
        t.awaitCompleted(recorder, 1);
        assertThat(recorder.bodies().get(0)).isEqualTo(every);
    }

    @Rule(id = "LIM-10", check = "the broker's limits on keys and ids, in bytes and not in characters")
    void keysUpToTheLimit(TckContext t) {
        String longest = "\u9375".repeat(Limits.MAX_KEY_LENGTH);
        Handled<String> call =
                roundTrip(t, t.queue(), Message.of("x").withKey(longest).withId(longest));
        assertThat(call.key()).isEqualTo(longest);
        assertThat(call.id()).isEqualTo(longest);
        for (String bad : List.of("", longest + "x")) {
            t.refused(ErrorCode.INVALID_MESSAGE, () -> Message.of("x").withKey(bad));
            t.refused(ErrorCode.INVALID_MESSAGE, () -> Message.of("x").withId(bad));
        }
    }

    @Rule(id = "LIM-11", check = "nothing in the adapter")
    void delaysAreChecked(TckContext t) throws Exception {
        Message<String> message = Messages.keyed("k", "x");
        t.refused(ErrorCode.INVALID_MESSAGE, () -> message.withDelay(Duration.ofMillis(-1)));
        t.refused(
                ErrorCode.INVALID_MESSAGE,
                () -> message.withDelay(Duration.ofDays(7).plusMillis(1)));
        Queue queue = t.queue();
        t.send(
                t.client().producer(queue, String.class, ProducerOptions.DEFAULT),
                List.of(message.withDelay(Duration.ZERO)));
        t.held(queue.name(), 1);
    }

    @Rule(
            id = "LIM-13",
            history = HistoryScope.TO_THE_END,
            check = "which header names mean something to the broker or its client, and how they are escaped")
    void headersNeverRoute(TckContext t) throws Exception {
        Queue queue = t.queue();
        Queue other = t.queue();
        t.client().provision(other);
        RecordingHandler<String> recorder = t.recorder();
        t.client().consumer(queue, String.class).start(recorder);
        Map<String, String> speaking = new HashMap<>();
        for (String name : NAMES_WITH_A_MEANING) {
            speaking.put(name, other.name());
        }
        for (String name : t.harness().reservedHeaders()) {
            speaking.put(name, other.name());
        }
        for (String name : NAMES_OF_TIMES) {
            speaking.put(name, "60000");
        }
        List<Message<String>> messages = new ArrayList<>();
        for (Message<String> message : Messages.spread(20, 2)) {
            messages.add(messages.size() % 3 == 0 ? message.withHeaders(speaking) : message);
        }
        t.send(t.producer(queue), messages);
        t.awaitCompleted(recorder, 20);
        Order.everyKeyInOrder(recorder, 20, 2);
        assertThat(recorder.calls())
                .filteredOn(call -> call.body().equals(Messages.body(0)))
                .singleElement()
                .satisfies(call -> assertThat(call.headers()).isEqualTo(speaking));
        t.held(other.name(), 0);
    }
}
