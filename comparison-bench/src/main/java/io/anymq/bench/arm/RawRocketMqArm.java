package io.anymq.bench.arm;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.rocketmq.client.consumer.DefaultLitePullConsumer;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.SendCallback;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.client.producer.SendStatus;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageQueue;
import org.jspecify.annotations.Nullable;

/**
 * RocketMQ's own client with the guarantees of the adapter arm: the same cap on sends in flight, keys routed as the client's
 * own selector does, one request in flight to each message queue (brokers store concurrent ones in any order) and batches of
 * what came meanwhile, only SEND_OK taken for a confirm, handlers run in key order on as many threads, and only the
 * contiguous prefix committed, at most every 100 ms.
 */
public final class RawRocketMqArm implements Arm {
    private static final long COMMIT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final Duration TOPIC_WAIT = Duration.ofSeconds(20);

    private @Nullable ArmContext context;
    private @Nullable DefaultMQProducer producer;
    private @Nullable DefaultLitePullConsumer consumer;
    private @Nullable KeyedWorkers workers;
    private @Nullable Thread poller;
    private @Nullable SendRoom room;
    private List<MessageQueue> queues = List.of();
    private final List<Pipe> pipes = new ArrayList<>();
    private int mostMessages;
    private int mostBytes;
    private long timeout;
    private volatile boolean closing;

    /** Used by the polling thread only. */
    private final Map<MessageQueue, ContiguousOffsets> offsets = new HashMap<>();

    private final Map<MessageQueue, Long> committed = new HashMap<>();
    private final AtomicInteger inFlight = new AtomicInteger();

    @Override
    public void open(ArmContext opened) throws Exception {
        context = opened;
        room = new SendRoom(opened.maxInFlight());
        mostMessages = number("batch.messages");
        mostBytes = number("batch.bytes");
        timeout = number("send.timeout.ms");
        DefaultMQProducer created = new DefaultMQProducer("raw-" + opened.destination());
        producer = created;
        created.setNamesrvAddr(opened.bootstrap());
        created.setInstanceName(UUID.randomUUID().toString());
        // A batch travels as it is, and a retry could store it twice.
        created.setCompressMsgBodyOverHowmuch(Integer.MAX_VALUE);
        created.setRetryTimesWhenSendAsyncFailed(0);
        created.start();
        createTopic(created, opened.destination());
        for (MessageQueue queue : queues) {
            pipes.add(new Pipe(queue));
        }
    }

    private int number(String name) {
        return Integer.parseInt(
                Objects.requireNonNull(Objects.requireNonNull(context).vendor().get(name)));
    }

    private void createTopic(DefaultMQProducer created, String topic) throws Exception {
        int wanted = number("topic.queues");
        RocketMqServers.createTopic(created.getNamesrvAddr(), topic, wanted);
        long end = System.nanoTime() + TOPIC_WAIT.toNanos();
        while (queues.size() < wanted) {
            queues = route(created, topic);
            if (System.nanoTime() > end) {
                throw new IllegalStateException("the topic " + topic + " did not become known");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    private static List<MessageQueue> route(DefaultMQProducer created, String topic) {
        try {
            return created.fetchPublishMessageQueues(topic).stream().sorted().toList();
        } catch (MQClientException e) {
            // Not known yet.
            return List.of();
        }
    }

    @Override
    public void subscribe(PayloadHandler handler) throws Exception {
        ArmContext opened = Objects.requireNonNull(context, "open comes first");
        DefaultLitePullConsumer created = new DefaultLitePullConsumer("raw-" + opened.destination());
        consumer = created;
        created.setNamesrvAddr(opened.bootstrap());
        created.setInstanceName(UUID.randomUUID().toString());
        created.setAutoCommit(false);
        created.setPullBatchSize(number("pull.batch.size"));
        created.start();
        created.assign(queues);
        for (MessageQueue queue : queues) {
            created.seekToBegin(queue);
        }
        KeyedWorkers pool = new KeyedWorkers(opened.handlers(), opened.maxInFlight() + number("pull.batch.size"));
        workers = pool;
        Thread thread = new Thread(() -> poll(created, pool, handler, opened), "raw-poll");
        poller = thread;
        thread.start();
    }

    private void poll(DefaultLitePullConsumer polled, KeyedWorkers pool, PayloadHandler handler, ArmContext opened) {
        try {
            long lastCommit = System.nanoTime();
            while (!closing) {
                if (inFlight.get() >= opened.maxInFlight()) {
                    LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(200));
                } else {
                    for (MessageExt message : polled.poll(100)) {
                        hand(message, pool, handler);
                    }
                }
                if (System.nanoTime() - lastCommit >= COMMIT_NANOS) {
                    lastCommit = System.nanoTime();
                    commit(polled);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            Objects.requireNonNull(room).broken(e);
        }
    }

    private void hand(MessageExt message, KeyedWorkers pool, PayloadHandler handler) throws InterruptedException {
        MessageQueue queue = new MessageQueue(message.getTopic(), message.getBrokerName(), message.getQueueId());
        ContiguousOffsets tracker =
                offsets.computeIfAbsent(queue, ignored -> new ContiguousOffsets(message.getQueueOffset()));
        inFlight.incrementAndGet();
        pool.submit(Objects.hashCode(message.getKeys()), () -> {
            handler.handle(message.getBody());
            tracker.done(message.getQueueOffset());
            inFlight.decrementAndGet();
        });
    }

    private void commit(DefaultLitePullConsumer polled) {
        Map<MessageQueue, Long> due = new HashMap<>();
        offsets.forEach((queue, tracker) -> {
            long next = tracker.committable();
            Long before = committed.put(queue, next);
            if (before == null || before != next) {
                due.put(queue, next);
            }
        });
        if (!due.isEmpty()) {
            polled.commit(due, true);
        }
    }

    @Override
    public void send(String key, byte[] payload, Completion completion) throws Exception {
        SendRoom taken = Objects.requireNonNull(room, "open comes first");
        taken.take();
        Message message = new Message(Objects.requireNonNull(context).destination(), payload);
        message.setKeys(key);
        pipes.get(Math.abs(key.hashCode() % pipes.size())).send(new Entry(message, error -> {
            taken.free(1);
            completion.ended(error);
        }));
    }

    @Override
    public boolean reconnects() {
        return true;
    }

    @Override
    public void close() throws Exception {
        closing = true;
        if (poller != null) {
            poller.join(10_000);
        }
        if (workers != null) {
            workers.close();
        }
        if (consumer != null) {
            // The polling thread has ended, so its offsets may be used here.
            commit(consumer);
            consumer.shutdown();
        }
        if (producer != null) {
            producer.shutdown();
        }
    }

    private record Entry(Message message, Completion completion) {}

    /** One message queue: one request in flight, and the messages waiting for the next. */
    private final class Pipe {
        private final MessageQueue queue;
        private final ArrayDeque<Entry> waiting = new ArrayDeque<>();
        private boolean busy;

        Pipe(MessageQueue queue) {
            this.queue = queue;
        }

        void send(Entry entry) {
            synchronized (this) {
                waiting.add(entry);
                if (busy) {
                    return;
                }
                busy = true;
            }
            sendNext();
        }

        private void sendNext() {
            List<Entry> batch = new ArrayList<>();
            synchronized (this) {
                int bytes = 0;
                while (!waiting.isEmpty()
                        && batch.size() < mostMessages
                        && (batch.isEmpty()
                                || bytes + waiting.element().message().getBody().length < mostBytes)) {
                    bytes += waiting.element().message().getBody().length;
                    batch.add(waiting.remove());
                }
                if (batch.isEmpty()) {
                    busy = false;
                    return;
                }
            }
            Collection<Message> messages = batch.stream().map(Entry::message).toList();
            try {
                Objects.requireNonNull(producer).send(messages, queue, new Outcome(this, batch), timeout);
            } catch (Exception e) {
                new Outcome(this, batch).onException(e);
            }
        }
    }

    private record Outcome(Pipe pipe, List<Entry> batch) implements SendCallback {
        @Override
        public void onSuccess(SendResult result) {
            if (result.getSendStatus() == SendStatus.SEND_OK) {
                end(null);
            } else {
                end(new IllegalStateException("the broker answered " + result.getSendStatus()));
            }
        }

        @Override
        public void onException(Throwable failure) {
            end(failure);
        }

        private void end(@Nullable Throwable failure) {
            batch.forEach(entry -> entry.completion().ended(failure));
            pipe.sendNext();
        }
    }
}
