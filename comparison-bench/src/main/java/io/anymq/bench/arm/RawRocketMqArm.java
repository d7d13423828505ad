package io.anymq.bench.arm;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
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
public final class RawRocketMqArm extends RawArm {
    private static final Duration TOPIC_WAIT = Duration.ofSeconds(20);

    private final Commits<MessageQueue> commits = new Commits<>();
    private final List<Pipe> pipes = new ArrayList<>();
    private List<MessageQueue> queues = List.of();
    private @Nullable DefaultLitePullConsumer consumer;

    @Override
    void connect(ArmContext opened) throws Exception {
        DefaultMQProducer producer = new DefaultMQProducer("raw-" + opened.destination());
        producer.setNamesrvAddr(opened.bootstrap());
        producer.setInstanceName(UUID.randomUUID().toString());
        // A batch travels as it is, and a retry could store it twice.
        producer.setCompressMsgBodyOverHowmuch(Integer.MAX_VALUE);
        producer.setRetryTimesWhenSendAsyncFailed(0);
        closing(producer::shutdown);
        producer.start();
        createTopic(producer, opened.destination());
        queues.forEach(queue -> pipes.add(new Pipe(producer, queue)));
    }

    private void createTopic(DefaultMQProducer producer, String topic) throws Exception {
        int wanted = number("topic.queues");
        RocketMqServers.createTopic(producer.getNamesrvAddr(), topic, wanted);
        long end = System.nanoTime() + TOPIC_WAIT.toNanos();
        while (queues.size() < wanted) {
            queues = route(producer, topic);
            if (System.nanoTime() > end) {
                throw new IllegalStateException("the topic " + topic + " did not become known");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    private static List<MessageQueue> route(DefaultMQProducer producer, String topic) {
        try {
            return producer.fetchPublishMessageQueues(topic).stream().sorted().toList();
        } catch (MQClientException e) {
            // Not known yet.
            return List.of();
        }
    }

    @Override
    void transmit(String key, byte[] payload, Completion end) {
        Message message = new Message(context().destination(), payload);
        message.setKeys(key);
        pipes.get(Math.abs(key.hashCode() % pipes.size())).send(new Entry(message, end));
    }

    @Override
    public void subscribe(PayloadHandler handler) throws Exception {
        DefaultLitePullConsumer created =
                new DefaultLitePullConsumer("raw-" + context().destination());
        created.setNamesrvAddr(context().bootstrap());
        created.setInstanceName(UUID.randomUUID().toString());
        created.setAutoCommit(false);
        created.setPullBatchSize(number("pull.batch.size"));
        closing(created::shutdown);
        consumer = created;
        created.start();
        created.assign(queues);
        for (MessageQueue queue : queues) {
            created.seekToBegin(queue);
        }
        startHandlers(context().maxInFlight() + number("pull.batch.size"));
        startReceiving(mayTake -> poll(created, mayTake, handler));
    }

    private void poll(DefaultLitePullConsumer polled, boolean mayTake, PayloadHandler handler) {
        if (!mayTake) {
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(200));
        }
        for (MessageExt message : mayTake ? polled.poll(100) : List.<MessageExt>of()) {
            ContiguousOffsets offsets = commits.of(
                    new MessageQueue(message.getTopic(), message.getBrokerName(), message.getQueueId()),
                    message.getQueueOffset());
            hand(Objects.hashCode(message.getKeys()), () -> {
                handler.handle(message.getBody());
                offsets.done(message.getQueueOffset());
            });
        }
        commit(polled, commits.dueNow());
    }

    private static void commit(DefaultLitePullConsumer polled, Map<MessageQueue, Long> due) {
        if (!due.isEmpty()) {
            polled.commit(due, true);
        }
    }

    @Override
    void settleLast() {
        if (consumer != null) {
            commit(consumer, commits.due());
        }
    }

    @Override
    public boolean reconnects() {
        return true;
    }

    private record Entry(Message message, Completion end) {
        int bytes() {
            return message.getBody().length;
        }
    }

    /** One message queue: one request in flight, and the messages waiting for the next. */
    private final class Pipe {
        private final DefaultMQProducer producer;
        private final MessageQueue queue;
        private final int mostMessages = number("batch.messages");
        private final int mostBytes = number("batch.bytes");
        private final long timeout = number("send.timeout.ms");
        private final ArrayDeque<Entry> waiting = new ArrayDeque<>();
        private boolean busy;

        Pipe(DefaultMQProducer producer, MessageQueue queue) {
            this.producer = producer;
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
            List<Entry> batch = next();
            if (batch.isEmpty()) {
                return;
            }
            Collection<Message> messages = batch.stream().map(Entry::message).toList();
            try {
                producer.send(messages, queue, new Outcome(this, batch), timeout);
            } catch (Exception e) {
                new Outcome(this, batch).onException(e);
            }
        }

        private synchronized List<Entry> next() {
            List<Entry> batch = new ArrayList<>();
            int bytes = 0;
            while (!waiting.isEmpty()
                    && batch.size() < mostMessages
                    && (batch.isEmpty() || bytes + waiting.element().bytes() < mostBytes)) {
                bytes += waiting.element().bytes();
                batch.add(waiting.remove());
            }
            busy = !batch.isEmpty();
            return batch;
        }
    }

    private record Outcome(Pipe pipe, List<Entry> batch) implements SendCallback {
        @Override
        public void onSuccess(SendResult result) {
            end(
                    result.getSendStatus() == SendStatus.SEND_OK
                            ? null
                            : new IllegalStateException("the broker answered " + result.getSendStatus()));
        }

        @Override
        public void onException(Throwable failure) {
            end(failure);
        }

        private void end(@Nullable Throwable failure) {
            batch.forEach(entry -> entry.end().ended(failure));
            pipe.sendNext();
        }
    }
}
