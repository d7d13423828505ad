package io.anymq.rocketmq;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.anymq.MessagingException;
import io.anymq.rocketmq.protocol.Failure;
import io.anymq.rocketmq.protocol.Failure.Reason;
import io.anymq.rocketmq.protocol.MessageRequests.Pull;
import io.anymq.rocketmq.protocol.ProtocolClient;
import io.anymq.spi.support.Deadline;
import io.anymq.spi.support.MarkStore;
import io.anymq.spi.support.OwnerMark;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.rocketmq.client.consumer.PullResult;
import org.apache.rocketmq.client.consumer.PullStatus;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageQueue;
import org.jspecify.annotations.Nullable;

/**
 * Owners' marks, which RocketMQ's offsets have no room for. They are messages of a topic of the group's own, with one
 * message queue for each that the group reads; the last message there is the one that counts. An owner begins by
 * writing its name, so that others can tell whether the holder of a lock is gone, and by the answer it knows exactly
 * which message was the last before.
 *
 * <p>Used by one thread at a time.
 */
final class RocketMqMarks implements MarkStore<RocketMqLane> {
    /** An owner that died before its first message leaves a name without a mark; few do so in a row. */
    private static final int BACK = 16;

    private static final String RECORDING = "recording the messages being processed";
    private static final Duration PAUSE_WHEN_BUSY = Duration.ofMillis(20);
    private static final Duration LONG_POLL = Duration.ofMillis(500);

    private final ProtocolClient client;
    private final String group;
    private final String owner;
    private final Duration timeout;

    /** {@code owner} is the client id, {@code timeout} is for each request. */
    RocketMqMarks(ProtocolClient client, String group, String owner, Duration timeout) {
        this.client = client;
        this.group = group;
        this.owner = owner;
        this.timeout = timeout;
    }

    /** The content of a message of the marks' topic. */
    record Note(String owner, @Nullable OwnerMark mark) {
        byte[] toBytes() {
            return (owner + "\n" + (mark == null ? "" : mark.offset() + "\n" + mark.text())).getBytes(UTF_8);
        }

        /** Parses a note; text by other writers gives no owner and no mark. */
        static Note of(byte[] bytes) {
            String[] lines = new String(bytes, UTF_8).split("\n", 3);
            String who = lines.length > 1 ? lines[0] : "";
            try {
                return new Note(who, lines.length < 3 ? null : OwnerMark.of(Long.parseLong(lines[1]), lines[2]));
            } catch (NumberFormatException e) {
                return new Note(who, null);
            }
        }
    }

    /** A mark that was found, and when the broker stored it. */
    record Left(OwnerMark mark, long storedAtMillis) {}

    private record Stored(Note note, long atMillis) {}

    /** Where the marks of {@code queue} are: the first message queue is the redelivery topic's, which has one. */
    static MessageQueue place(String group, MessageQueue queue) {
        boolean redelivery = queue.getTopic().equals(RocketMqNames.redeliveryTopic(group));
        return new MessageQueue(
                RocketMqNames.marksTopic(group), queue.getBrokerName(), redelivery ? 0 : queue.getQueueId() + 1);
    }

    /**
     * Writes this owner's name for each queue and returns the marks that the last owners left. Called with the queues
     * locked, so there is no other writer.
     *
     * @throws MessagingException retryable
     */
    Map<MessageQueue, Left> begin(List<MessageQueue> queues) {
        Map<MessageQueue, Long> written = writeNotes(queues, queue -> new Note(owner, null));
        Map<MessageQueue, Left> marks = new HashMap<>();
        written.forEach((queue, end) -> {
            Left mark = lastMark(place(group, queue), end);
            if (mark != null) {
                marks.put(queue, mark);
            }
        });
        return marks;
    }

    /** The last mark below {@code end}, however slow the broker is in making it readable. */
    private @Nullable Left lastMark(MessageQueue place, long end) {
        Deadline deadline = Deadline.after(timeout);
        List<Stored> notes = List.of();
        while (end > 0 && notes.isEmpty() && !deadline.passed()) {
            notes = notes(place, Math.max(0, end - BACK), end);
        }
        Left last = null;
        for (Stored stored : notes) {
            OwnerMark mark = stored.note().mark();
            last = mark == null ? last : new Left(mark, stored.atMillis());
        }
        return last;
    }

    /** All notes from {@code from} to before {@code end}; none as long as the last of them is not readable. */
    private List<Stored> notes(MessageQueue place, long from, long end) {
        PullResult result = pull(place, from, (int) (end - from));
        if (result.getPullStatus() == PullStatus.OFFSET_ILLEGAL) {
            // The oldest ones are gone for their age.
            if (result.getMinOffset() >= end) {
                return List.of(new Stored(new Note("", null), 0));
            }
            result = pull(place, result.getMinOffset(), (int) (end - result.getMinOffset()));
        }
        if (result.getPullStatus() != PullStatus.FOUND) {
            return List.of();
        }
        List<MessageExt> messages = result.getMsgFoundList();
        if (messages.isEmpty() || messages.get(messages.size() - 1).getQueueOffset() < end - 1) {
            return List.of();
        }
        return messages.stream()
                .map(message -> new Stored(Note.of(message.getBody()), message.getStoreTimestamp()))
                .toList();
    }

    private PullResult pull(MessageQueue place, long from, int most) {
        return client.messages().pull(new Pull(group, place, from, most, LONG_POLL), timeout);
    }

    /** The last writer, as far as is already readable; empty if there is none. */
    String lastOwner(MessageQueue queue) {
        MessageQueue place = place(group, queue);
        long end = client.broker(place, timeout).end(place);
        if (end == 0) {
            return "";
        }
        List<Stored> notes = notes(place, end - 1, end);
        return notes.isEmpty() ? "" : notes.get(0).note().owner();
    }

    /** The marks were read when the lanes were taken over. */
    @Override
    public Map<RocketMqLane, OwnerMark> read(List<RocketMqLane> lanes) {
        Map<RocketMqLane, OwnerMark> marks = new HashMap<>();
        for (RocketMqLane lane : lanes) {
            OwnerMark mark = lane.inherited();
            if (mark != null) {
                marks.put(lane, mark);
            }
        }
        return marks;
    }

    @Override
    public Map<RocketMqLane, Long> ends(List<RocketMqLane> lanes) {
        Map<RocketMqLane, Long> ends = new HashMap<>();
        lanes.forEach(
                lane -> ends.put(lane, client.broker(lane.queue(), timeout).end(lane.queue())));
        return ends;
    }

    @Override
    public boolean write(Map<RocketMqLane, OwnerMark> marks) {
        Map<MessageQueue, OwnerMark> byQueue = new LinkedHashMap<>();
        marks.forEach((lane, mark) -> {
            byQueue.put(lane.queue(), mark);
            lane.markedAt = System.nanoTime();
        });
        writeMarks(byQueue);
        return true;
    }

    /** Writes all of them at the same time and waits for the broker. */
    void writeMarks(Map<MessageQueue, OwnerMark> marks) {
        writeNotes(marks.keySet(), queue -> new Note(owner, marks.get(queue)));
    }

    private Map<MessageQueue, Long> writeNotes(Collection<MessageQueue> queues, Function<MessageQueue, Note> notes) {
        Deadline deadline = Deadline.after(timeout);
        Map<MessageQueue, CompletableFuture<Long>> answers = new LinkedHashMap<>();
        for (MessageQueue queue : queues) {
            CompletableFuture<Long> offset = new CompletableFuture<>();
            answers.put(queue, offset);
            store(place(group, queue), notes.apply(queue), deadline, offset);
        }
        Map<MessageQueue, Long> offsets = new HashMap<>();
        answers.forEach((queue, answer) -> offsets.put(queue, await(answer, deadline)));
        return offsets;
    }

    /** A broker that is busy is asked again. */
    private void store(MessageQueue place, Note note, Deadline deadline, CompletableFuture<Long> offset) {
        Message message = new Message(place.getTopic(), note.toBytes());
        client.messages().send(List.of(message), place, timeout, (result, failure) -> {
            if (result != null) {
                offset.complete(result.getQueueOffset());
            } else if (failure != null && failure.reason() == Reason.BUSY && !deadline.passed()) {
                retry(place, note, deadline, offset);
            } else {
                offset.completeExceptionally(RocketMqTranslator.error(RECORDING, Objects.requireNonNull(failure)));
            }
        });
    }

    private void retry(MessageQueue place, Note note, Deadline deadline, CompletableFuture<Long> offset) {
        try {
            var unused = client.schedule(() -> store(place, note, deadline, offset), PAUSE_WHEN_BUSY);
        } catch (RejectedExecutionException e) {
            offset.completeExceptionally(RocketMqTranslator.error(RECORDING, Failure.of(e)));
        }
    }

    private Long await(CompletableFuture<Long> answer, Deadline deadline) {
        try {
            return answer.get(deadline.millisLeft(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof MessagingException typed
                    ? typed
                    : RocketMqTranslator.error(RECORDING, Failure.of(e));
        } catch (TimeoutException e) {
            throw RocketMqTranslator.error(RECORDING, Failure.timeout(timeout));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw RocketMqTranslator.error(RECORDING, Failure.of(e));
        }
    }
}
