package io.anymq.jdbc;

import io.anymq.Destination;
import io.anymq.ErrorCode;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.MessagingException;
import io.anymq.Producer;
import io.anymq.ProducerOptions;
import io.anymq.Receipt;
import io.anymq.policy.Ordering;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends rows through a client: those of different orders together, those of one order one after another, and nothing of an
 * order after one that failed. Used by one thread.
 */
final class RelaySender {
    private final MessagingClient client;
    private final Map<Destination, Producer<byte[]>> producers = new HashMap<>();

    RelaySender(MessagingClient client) {
        this.client = client;
    }

    /** A row that is not known to be stored. */
    record Failure(RelayRow row, MessagingException error) {}

    /** What became of the rows; those that are in neither list were not sent. */
    record Result(List<RelayRow> confirmed, List<Failure> failed) {}

    private record Ended(RelayRow row, @Nullable Throwable failure) {}

    /** {@code maySend} is asked before each row. Returns when none is on its way any more. */
    Result send(List<RelayRow> rows, BooleanSupplier maySend) throws InterruptedException {
        Map<ByteBuffer, Deque<RelayRow>> orders = new LinkedHashMap<>();
        for (RelayRow row : rows) {
            orders.computeIfAbsent(ByteBuffer.wrap(row.order()), order -> new ArrayDeque<>())
                    .add(row);
        }
        Result result = new Result(new ArrayList<>(rows.size()), new ArrayList<>());
        BlockingQueue<Ended> ended = new LinkedBlockingQueue<>();
        int underWay = 0;
        for (Deque<RelayRow> order : orders.values()) {
            underWay += sendFirst(order, maySend, ended);
        }
        while (underWay > 0) {
            Ended one =
                    ended.poll(client.producerOptions().sendTimeout().toMillis() * 2 + 60_000, TimeUnit.MILLISECONDS);
            if (one == null) {
                throw new MessagingException(
                        ErrorCode.INTERNAL, "a send has not ended within its time-out; please report it");
            }
            underWay--;
            if (one.failure() == null) {
                result.confirmed().add(one.row());
                Deque<RelayRow> order = orders.get(ByteBuffer.wrap(one.row().order()));
                underWay += order == null ? 0 : sendFirst(order, maySend, ended);
            } else {
                result.failed().add(new Failure(one.row(), typed(one.failure())));
            }
        }
        return result;
    }

    /** Returns how many were sent, one or none. */
    private int sendFirst(Deque<RelayRow> order, BooleanSupplier maySend, BlockingQueue<Ended> ended) {
        RelayRow row = order.peek();
        if (row == null || !maySend.getAsBoolean()) {
            return 0;
        }
        order.remove();
        try {
            Producer<byte[]> producer = producer(row.destination());
            Message<byte[]> message = row.message();
            CompletableFuture<Receipt> unused = producer.send(message).whenComplete((receipt, failure) -> {
                if (failure != null) {
                    resume(producer, message.key());
                }
                ended.add(new Ended(row, failure));
            });
        } catch (MessagingException e) {
            ended.add(new Ended(row, e));
        } catch (IOException e) {
            ended.add(new Ended(
                    row, new MessagingException(ErrorCode.DECODING, "the row cannot be read: " + e.getMessage())));
        }
        return 1;
    }

    /** What came after it was not sent, and it is sent first the next time. */
    private static void resume(Producer<byte[]> producer, @Nullable String key) {
        if (producer.destination().ordering() == Ordering.TOTAL) {
            producer.resume();
        } else if (key != null) {
            producer.resumeKey(key);
        }
    }

    private Producer<byte[]> producer(Destination destination) {
        Producer<byte[]> known = producers.get(destination);
        if (known == null) {
            // the relay itself repeats, so that it can tell why a row waits
            ProducerOptions options =
                    client.producerOptions().toBuilder().retry(false).build();
            known = client.producer(destination, byte[].class, options);
            producers.put(destination, known);
        }
        return known;
    }

    private static MessagingException typed(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof MessagingException typed
                ? typed
                : new MessagingException(ErrorCode.INTERNAL, "the send failed: " + cause, true, cause);
    }

    void close() {
        producers.values().forEach(Producer::close);
        producers.clear();
    }
}
