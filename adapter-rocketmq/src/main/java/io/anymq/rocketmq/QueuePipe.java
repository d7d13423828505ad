package io.anymq.rocketmq;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.rocketmq.protocol.Answer;
import io.anymq.rocketmq.protocol.Failure;
import io.anymq.rocketmq.protocol.Failure.Reason;
import io.anymq.rocketmq.protocol.ProtocolClient;
import io.anymq.spi.OutboundMessage;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.client.producer.SendStatus;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageQueue;
import org.jspecify.annotations.Nullable;

/**
 * The way into one message queue. One request is in flight at a time, because a broker processes requests in several
 * threads and would store two of them in any order; messages that arrive meanwhile go together in the next one. So a
 * lone message leaves at once, and under load the batches grow by themselves.
 *
 * <p>Thread-safe.
 */
final class QueuePipe {
    /** Brokers take a batch as one message, of 4 MiB by default. */
    private static final int MOST_BYTES = 1 << 20;

    private static final int MOST_MESSAGES = 1_000;

    /** With less time than this left a message is not sent any more, so that its outcome is certain. */
    private static final long TOO_LATE_NANOS = Duration.ofMillis(5).toNanos();

    private static final Duration PAUSE_WHEN_BUSY = Duration.ofMillis(20);

    /** The vendor's client looks for time-outs every second; this pipe keeps its own clock and does not wait for it. */
    private static final Duration BEYOND = Duration.ofSeconds(1);

    /**
     * A message between {@code send} and its outcome.
     *
     * @param deadline in nanoseconds, of {@link System#nanoTime()}
     */
    record Parcel(OutboundMessage message, Message translated, long deadline) {}

    /** Sends a request, as {@link io.anymq.rocketmq.protocol.MessageRequests#send} does. */
    @FunctionalInterface
    interface Requests {
        void send(List<Message> messages, MessageQueue queue, Duration timeout, Answer<SendResult> answer);
    }

    private final ProtocolClient client;
    private final Requests requests;
    private final MessageQueue queue;
    private final ArrayDeque<Parcel> waiting = new ArrayDeque<>();

    /** Whether a request is in flight, or will be sent after a pause. */
    private boolean busy;

    /** The error of messages that may not leave any more, because the sender is closed. */
    private @Nullable MessagingException refusal;

    QueuePipe(ProtocolClient client, MessageQueue queue) {
        this(client, client.messages()::send, queue);
    }

    QueuePipe(ProtocolClient client, Requests requests, MessageQueue queue) {
        this.client = client;
        this.requests = requests;
        this.queue = queue;
    }

    /** Sends it, or lets it wait behind the request in flight. */
    void send(Parcel parcel) {
        MessagingException refused;
        synchronized (this) {
            refused = refusal;
            if (refused == null) {
                waiting.add(parcel);
                if (busy) {
                    return;
                }
                busy = true;
            }
        }
        if (refused == null) {
            sendNext();
        } else {
            parcel.message().rejected(refused);
        }
    }

    /** Ends messages that have not left yet, and all that come from now on; the request in flight gets its answer. */
    void refuseWaiting(MessagingException error) {
        List<Parcel> left;
        synchronized (this) {
            refusal = error;
            left = List.copyOf(waiting);
            waiting.clear();
        }
        left.forEach(parcel -> parcel.message().rejected(error));
    }

    /** The one caller that has {@code busy} sends; a request that fails at once is followed by the next, in a loop. */
    private void sendNext() {
        while (true) {
            List<Parcel> late = new ArrayList<>();
            List<Parcel> batch = new ArrayList<>();
            synchronized (this) {
                take(batch, late);
                if (batch.isEmpty()) {
                    busy = false;
                }
            }
            late.forEach(parcel -> parcel.message().rejected(waitedTooLong()));
            if (batch.isEmpty()) {
                return;
            }
            batch.removeIf(parcel -> !parcel.message().leaves());
            if (!batch.isEmpty() && new Shipment(batch).send()) {
                return;
            }
        }
    }

    private void take(List<Parcel> batch, List<Parcel> late) {
        long now = System.nanoTime();
        int bytes = 0;
        while (!waiting.isEmpty() && batch.size() < MOST_MESSAGES) {
            Parcel next = waiting.element();
            if (next.deadline() - now < TOO_LATE_NANOS) {
                late.add(waiting.remove());
                continue;
            }
            int size = size(next);
            if (!batch.isEmpty() && (bytes + size > MOST_BYTES || isAlone(next) || isAlone(batch.get(0)))) {
                return;
            }
            bytes += size;
            batch.add(waiting.remove());
        }
    }

    private static int size(Parcel parcel) {
        return parcel.message().body().length + 512;
    }

    /** The broker takes no delayed messages in a batch, and has one set of flags for all of it. */
    private static boolean isAlone(Parcel parcel) {
        return parcel.message().deliverAtMillis() > 0
                || !parcel.message().storedAs().isEmpty();
    }

    private MessagingException waitedTooLong() {
        return new MessagingException(
                ErrorCode.TIMEOUT,
                "sending to " + queue.getTopic() + " failed: the send time-out expired while earlier messages of the"
                        + " same message queue were still in flight; check that the broker answers",
                true,
                null);
    }

    private static MessagingException closed(RejectedExecutionException cause) {
        return new MessagingException(ErrorCode.CLOSED, "the connection is closed", false, cause);
    }

    /** One request and those it carries. */
    private final class Shipment implements Answer<SendResult> {
        private final List<Parcel> parcels;
        private @Nullable Future<?> alarm;
        private boolean ended;

        /** Ended, and sent again after a pause. */
        private boolean pausing;

        private boolean sending = true;

        Shipment(List<Parcel> parcels) {
            this.parcels = parcels;
        }

        /** Returns false if it has ended already, and this thread must send the next one. */
        boolean send() {
            Duration left = Duration.ofNanos(Math.max(1, parcels.get(0).deadline() - System.nanoTime()));
            try {
                alarm = client.schedule(() -> ended(null, Failure.timeout(left)), left);
                requests.send(parcels.stream().map(Parcel::translated).toList(), queue, left.plus(BEYOND), this);
            } catch (RejectedExecutionException e) {
                MessagingException error = closed(e);
                end(message -> message.rejected(error));
            }
            synchronized (this) {
                sending = false;
                return !ended || pausing;
            }
        }

        @Override
        public void ended(@Nullable SendResult receipt, @Nullable Failure failure) {
            if (receipt != null && receipt.getSendStatus() == SendStatus.SEND_OK) {
                end(message -> message.confirmed(receipt));
            } else if (receipt != null) {
                MessagingException error = RocketMqTranslator.unsafe(queue.getTopic(), receipt.getSendStatus());
                end(message -> message.unknown(error));
            } else if (failure != null && !isSentAgain(failure)) {
                MessagingException error = RocketMqTranslator.error("sending to " + queue.getTopic(), failure);
                boolean stored = !RocketMqTranslator.nothingStored(failure);
                end(stored ? message -> message.unknown(error) : message -> message.rejected(error));
            }
        }

        /**
         * A broker that is busy refuses before it stores anything, so the same messages can be sent again without
         * becoming two, and before all that wait, without changing places.
         */
        private boolean isSentAgain(Failure failure) {
            if (failure.reason() != Reason.BUSY
                    || parcels.get(0).deadline() - System.nanoTime() < 2 * PAUSE_WHEN_BUSY.toNanos()) {
                return false;
            }
            synchronized (QueuePipe.this) {
                if (refusal != null) {
                    return false;
                }
                if (!isFirst(true)) {
                    return true;
                }
                for (int i = parcels.size() - 1; i >= 0; i--) {
                    waiting.addFirst(parcels.get(i));
                }
            }
            try {
                var unused = client.schedule(QueuePipe.this::sendNext, PAUSE_WHEN_BUSY);
            } catch (RejectedExecutionException e) {
                refuseWaiting(closed(e));
            }
            return true;
        }

        private void end(Consumer<OutboundMessage> outcome) {
            if (!isFirst(false)) {
                return;
            }
            parcels.forEach(parcel -> outcome.accept(parcel.message()));
            synchronized (this) {
                if (sending) {
                    return;
                }
            }
            sendNext();
        }

        private synchronized boolean isFirst(boolean again) {
            if (ended) {
                return false;
            }
            ended = true;
            pausing = again;
            if (alarm != null) {
                alarm.cancel(false);
            }
            return true;
        }
    }
}
