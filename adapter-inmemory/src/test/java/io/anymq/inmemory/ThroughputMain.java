package io.anymq.inmemory;

import io.anymq.MessagingException;
import io.anymq.Queue;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.OutboundMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A rough look at the broker's own cost, send → receive → acknowledge, without the engine. Run by hand; prints messages a
 * second for some rounds of each shape. Not a benchmark: no forks, no statistics.
 */
final class ThroughputMain {
    private static final int MESSAGES = 2_000_000;
    private static final int BATCH = 256;
    private static final byte[] BODY = new byte[100];

    private ThroughputMain() {}

    public static void main(String[] args) throws InterruptedException {
        for (int round = 0; round < 4; round++) {
            System.out.printf(
                    "one thread: batches %,d/s, single sends %,d/s; two threads, single sends: per key %,d/s, unordered"
                            + " %,d/s%n",
                    alternating(true),
                    alternating(false),
                    sideBySide(Queue.of("q")),
                    sideBySide(Queue.of("q").unordered()));
        }
    }

    private static long alternating(boolean batches) {
        try (Client client = Client.connect("inmemory:", "main")) {
            Address address = new Address.OfQueue(Queue.of("q"));
            BrokerSender sender = client.sender(address);
            BrokerReceiver receiver = client.receiver(address);
            String[] keys = keys();
            long start = System.nanoTime();
            for (int sent = 0; sent < MESSAGES; ) {
                List<Plain> batch = new ArrayList<>(BATCH);
                for (int i = 0; i < BATCH; i++, sent++) {
                    Plain message = new Plain(keys[sent & 1023]);
                    if (batches) {
                        batch.add(message);
                    } else {
                        sender.send(message);
                    }
                }
                sender.send(batch);
                for (int received = 0; received < BATCH; ) {
                    List<? extends InboundMessage> messages = receiver.receive(BATCH, Duration.ZERO);
                    received += messages.size();
                    receiver.acknowledge(messages);
                }
            }
            return rate(start);
        }
    }

    private static long sideBySide(Queue queue) throws InterruptedException {
        try (Client client = Client.connect("inmemory:", "main")) {
            Address address = new Address.OfQueue(queue);
            BrokerSender sender = client.sender(address);
            BrokerReceiver receiver = client.receiver(address);
            String[] keys = keys();
            long start = System.nanoTime();
            Thread producer = new Thread(() -> {
                for (int i = 0; i < MESSAGES; i++) {
                    sender.send(new Plain(keys[i & 1023]));
                }
            });
            producer.start();
            for (int received = 0; received < MESSAGES; ) {
                List<? extends InboundMessage> messages = receiver.receive(1000, Duration.ofSeconds(1));
                received += messages.size();
                receiver.acknowledge(messages);
            }
            producer.join();
            return rate(start);
        }
    }

    private static String[] keys() {
        String[] keys = new String[1024];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = "key-" + i;
        }
        return keys;
    }

    private static long rate(long start) {
        return MESSAGES * 1_000_000_000L / (System.nanoTime() - start);
    }

    /** As light as an outbound message can be, so that the broker's cost is what is seen. */
    private static final class Plain implements OutboundMessage {
        private final String key;

        Plain(String key) {
            this.key = key;
        }

        @Override
        public String id() {
            return "id";
        }

        @Override
        public @Nullable String key() {
            return key;
        }

        @Override
        public byte[] body() {
            return BODY;
        }

        @Override
        public String contentType() {
            return "application/octet-stream";
        }

        @Override
        public Map<String, String> headers() {
            return Map.of();
        }

        @Override
        public long sentAtMillis() {
            return 1;
        }

        @Override
        public long deliverAtMillis() {
            return 0;
        }

        @Override
        public int lane() {
            return -1;
        }

        @Override
        public void confirmed(@Nullable Object nativeReceipt) {}

        @Override
        public void rejected(MessagingException error) {
            throw error;
        }

        @Override
        public void unknown(MessagingException error) {
            throw error;
        }
    }
}
