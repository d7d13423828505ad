package io.anymq.tck;

import io.anymq.Consumer;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.MessagingObserver;
import io.anymq.Source;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** The consumer that {@link CrashConsumerMain} runs; also for harnesses that run it inside their own JVM. */
public final class CrashConsumer {
    private CrashConsumer() {}

    /** A client for {@code spec} that reports settlements as lines to {@code out}. */
    public static MessagingClient open(CrashSpec spec, java.util.function.Consumer<String> out) {
        MessagingClient.Builder builder = MessagingClient.builder()
                .url(spec.url())
                .observer(new MessagingObserver() {
                    @Override
                    public void settled(Source source, String messageId) {
                        out.accept(CrashConsumerLog.settledLine(messageId));
                    }
                });
        spec.settings().forEach(builder::set);
        return builder.open();
    }

    /** Starts consuming and reports handler calls as lines to {@code out}. */
    public static Consumer start(MessagingClient client, CrashSpec spec, java.util.function.Consumer<String> out) {
        AtomicInteger calls = new AtomicInteger();
        return client.consumer(spec.queue(), String.class).start(delivery -> {
            int call = calls.incrementAndGet();
            out.accept(CrashConsumerLog.startedLine(delivery.id()));
            if (call > spec.completes()) {
                new CountDownLatch(1).await();
            }
            if (spec.output() != null) {
                delivery.publish(spec.output(), Message.of(delivery.body()).withId("out-" + delivery.id()));
            }
        });
    }
}
