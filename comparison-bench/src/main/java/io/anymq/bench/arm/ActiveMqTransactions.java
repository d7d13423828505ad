package io.anymq.bench.arm;

import io.anymq.bench.arm.Arm.Completion;
import jakarta.jms.JMSException;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.ActiveMQConnection;

/**
 * Sends what has come together in one JMS transaction, a lone message without. A session is for one thread, and the broker works
 * off the commands of a connection one after another, so each has its own connection and thread; several of them commit
 * side by side, and KahaDB writes what they commit together.
 */
final class ActiveMqTransactions implements RawActiveMqArm.Sending {
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Pending(String key, byte[] payload, Completion end) {}

    private final RawActiveMqArm arm;
    private final ActiveMQConnection connection;
    private final int most;
    private final BlockingQueue<Pending> waiting;
    private final Thread thread = new Thread(this::run, "raw-send");
    private volatile boolean ending;

    ActiveMqTransactions(RawActiveMqArm arm, ActiveMQConnection connection) {
        this.arm = arm;
        this.connection = connection;
        most = arm.number("batch");
        waiting = new ArrayBlockingQueue<>(arm.context().maxInFlight());
        thread.start();
    }

    @Override
    public void send(String key, byte[] payload, Completion end) throws InterruptedException {
        waiting.put(new Pending(key, payload, end));
    }

    private void run() {
        List<Pending> batch = new ArrayList<>();
        try (Session together = connection.createSession(true, Session.SESSION_TRANSACTED);
                Session alone = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
                MessageProducer many = arm.producer(together);
                MessageProducer one = arm.producer(alone)) {
            while (!ending || !waiting.isEmpty()) {
                Pending first = waiting.poll(50, TimeUnit.MILLISECONDS);
                if (first == null) {
                    continue;
                }
                batch.add(first);
                waiting.drainTo(batch, most - 1);
                boolean lone = batch.size() == 1;
                for (Pending each : batch) {
                    (lone ? one : many).send(RawActiveMqArm.message(lone ? alone : together, each.key, each.payload));
                }
                if (!lone) {
                    together.commit();
                }
                batch.forEach(each -> each.end.ended(null));
                batch.clear();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (JMSException | RuntimeException e) {
            arm.broken(e);
            batch.forEach(each -> each.end.ended(e));
        }
    }

    /** Sends what waits. */
    @Override
    public void close() throws JMSException {
        ending = true;
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        connection.close();
    }
}
