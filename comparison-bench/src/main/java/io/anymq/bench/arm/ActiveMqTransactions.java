package io.anymq.bench.arm;

import io.anymq.bench.arm.Arm.Completion;
import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Sends what has come together in one JMS transaction, a lone message without. A session is for one thread, and the broker works
 * off the commands of a connection one after another, so each has its own connection and thread; several of them commit
 * side by side, and KahaDB writes what they commit together.
 */
final class ActiveMqTransactions {
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Pending(String key, byte[] payload, Completion completion) {}

    private final Connection connection;
    private final String queue;
    private final int most;
    private final SendRoom room;
    private final BlockingQueue<Pending> waiting;
    private final Thread thread;
    private volatile boolean ending;

    ActiveMqTransactions(Connection connection, String queue, int most, int capacity, SendRoom room, int number) {
        this.connection = connection;
        this.queue = queue;
        this.most = most;
        this.room = room;
        waiting = new ArrayBlockingQueue<>(capacity);
        thread = new Thread(this::run, "raw-send-" + number);
    }

    void start() {
        thread.start();
    }

    void send(Pending message) throws InterruptedException {
        waiting.put(message);
    }

    private void run() {
        List<Pending> batch = new ArrayList<>();
        try (Session together = connection.createSession(true, Session.SESSION_TRANSACTED);
                Session alone = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
                MessageProducer many = together.createProducer(together.createQueue(queue));
                MessageProducer one = alone.createProducer(alone.createQueue(queue))) {
            many.setDeliveryMode(DeliveryMode.PERSISTENT);
            one.setDeliveryMode(DeliveryMode.PERSISTENT);
            while (!ending || !waiting.isEmpty()) {
                Pending first = waiting.poll(50, TimeUnit.MILLISECONDS);
                if (first == null) {
                    continue;
                }
                batch.add(first);
                waiting.drainTo(batch, most - 1);
                if (batch.size() == 1) {
                    one.send(message(alone, first));
                } else {
                    for (Pending each : batch) {
                        many.send(message(together, each));
                    }
                    together.commit();
                }
                room.free(batch.size());
                batch.forEach(each -> each.completion.ended(null));
                batch.clear();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (JMSException | RuntimeException e) {
            room.broken(e);
            batch.forEach(each -> each.completion.ended(e));
        }
    }

    static Message message(Session session, Pending pending) throws JMSException {
        BytesMessage message = session.createBytesMessage();
        message.writeBytes(pending.payload);
        message.setStringProperty(RawActiveMqArm.KEY, pending.key);
        message.setStringProperty("JMSXGroupID", "key-" + RawActiveMqArm.group(pending.key));
        return message;
    }

    /** Sends what waits. */
    void close() throws InterruptedException, JMSException {
        ending = true;
        thread.join(10_000);
        connection.close();
    }
}
