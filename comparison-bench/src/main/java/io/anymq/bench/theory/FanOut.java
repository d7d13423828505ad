package io.anymq.bench.theory;

import io.anymq.Message;
import io.anymq.Producer;
import io.anymq.Topic;
import io.anymq.bench.result.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Decoupling: subscribers join while the producer goes on; it neither knows nor changes. */
final class FanOut implements Demonstration {
    private static final int MESSAGES = 200;

    @Override
    public String name() {
        return "fan-out";
    }

    @Override
    public String claim() {
        return "Halfway through 200 messages further subscribers join, and nobody tells the producer: what do they get, and"
                + " does a send fail?";
    }

    @Override
    public List<String> answers() {
        return List.of(
                "While three more joined, {4 subscribers|sends that failed} of the sends failed; the first got {4"
                        + " subscribers|messages that the first one got} messages, each new one the {4 subscribers|messages"
                        + " that each new one got} that came after it.",
                "99 of 100 sends were confirmed within {1 subscriber|99 of 100 sends confirmed within ms} ms with"
                        + " one subscriber and {4 subscribers|99 of 100 sends confirmed within ms} ms with four.");
    }

    @Override
    public List<String> variants() {
        return List.of("1 subscriber", "2 subscribers", "4 subscribers");
    }

    @Override
    public double estimatedSeconds(boolean thorough) {
        return 3;
    }

    @Override
    public String company() {
        return "counted";
    }

    @Override
    public Outcome run(String variant, Stage stage) throws Exception {
        int subscribers = Integer.parseInt(variant.substring(0, 1));
        Topic topic = Topic.of(stage.name("events"));
        List<AtomicLong> received = new ArrayList<>();
        subscribe(stage, topic, received);
        long first;
        try (Producer<String> producer = stage.producer(topic)) {
            send(stage, producer, 0);
            first = stage.confirmed();
            while (received.size() < subscribers) {
                subscribe(stage, topic, received);
            }
            send(stage, producer, MESSAGES / 2);
            Stage.await(Duration.ofSeconds(30), () -> missing(received, stage.confirmed(), first) == 0);
        }
        Outcome.Builder outcome = new Outcome.Builder()
                .finding("sends that failed", stage.failed())
                .finding("99 of 100 sends confirmed within ms", stage.confirmMillis())
                .finding("messages that the first one got", received.get(0).get());
        if (subscribers > 1) {
            outcome.finding("messages that each new one got", received.get(1).get());
        }
        long handled = received.stream().mapToLong(AtomicLong::get).sum();
        return outcome.build(stage.sent(), stage.confirmed(), handled, missing(received, stage.confirmed(), first));
    }

    private static void subscribe(Stage stage, Topic topic, List<AtomicLong> received) {
        AtomicLong mine = new AtomicLong();
        stage.consume(
                topic.subscription("s" + received.size()), builder -> builder, delivery -> mine.incrementAndGet());
        received.add(mine);
    }

    private static void send(Stage stage, Producer<String> producer, int from) {
        for (int number = from; number < from + MESSAGES / 2; number++) {
            var unused = stage.send(producer, Message.of("event-" + number).withKey("key-" + number % 10));
        }
        stage.awaitSends();
    }

    /** The first one is owed everything, the others what was sent after they had joined. */
    private static long missing(List<AtomicLong> received, long confirmed, long before) {
        long missing = Math.max(0, confirmed - received.get(0).get());
        for (AtomicLong each : received.subList(1, received.size())) {
            missing += Math.max(0, confirmed - before - each.get());
        }
        return missing;
    }
}
