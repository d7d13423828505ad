package io.anymq.bench.arm;

import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.activemq.ActiveMQConnectionFactory;
import org.apache.activemq.ActiveMQMessageProducer;
import org.apache.activemq.ActiveMQSession;
import org.apache.activemq.AsyncCallback;
import org.jspecify.annotations.Nullable;

/**
 * ActiveMQ's own JMS client with the promises of the adapter arm: persistent messages, sent in transactions of whatever has come
 * together, up to the same number, or one after another with the provider's callback; the same message groups; individual acknowledgement after the handler has returned; handlers
 * run in key order on as many threads; a connection for sending and one for receiving.
 */
public final class RawActiveMqArm implements Arm {
    private static final long RECEIVE_MILLIS = 1;
    private static final long PAUSE_NANOS = 100_000;
    private static final int GROUPS = 256;

    private @Nullable ArmContext context;
    private @Nullable Connection sending;
    private @Nullable Connection receiving;
    private @Nullable KeyedWorkers workers;
    private @Nullable Thread sender;
    private @Nullable Thread receiver;
    private @Nullable Semaphore room;
    private @Nullable Session callbackSession;
    private @Nullable ActiveMQMessageProducer callbackProducer;
    private @Nullable BlockingQueue<Pending> pending;
    private volatile boolean sendingEnds;
    private volatile boolean receivingEnds;
    private volatile @Nullable Throwable broken;
    private final ConcurrentLinkedQueue<Message> done = new ConcurrentLinkedQueue<>();
    private final AtomicInteger inFlight = new AtomicInteger();

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Pending(String key, byte[] payload, Completion completion) {}

    private String setting(String name) {
        return Objects.requireNonNull(Objects.requireNonNull(context).vendor().get(name), name);
    }

    private Connection connect() throws JMSException {
        ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(
                "tcp://" + Objects.requireNonNull(context).bootstrap());
        factory.setWatchTopicAdvisories(false);
        factory.getPrefetchPolicy().setQueuePrefetch(Integer.parseInt(setting("prefetch")));
        Connection connection = factory.createConnection();
        connection.start();
        return connection;
    }

    @Override
    public void open(ArmContext context) throws Exception {
        this.context = context;
        room = new Semaphore(context.maxInFlight());
        pending = new ArrayBlockingQueue<>(context.maxInFlight());
        Connection opened = connect();
        sending = opened;
        if (setting("sends").equals("callbacks")) {
            Session session = opened.createSession(false, Session.AUTO_ACKNOWLEDGE);
            callbackSession = session;
            ActiveMQMessageProducer producer =
                    (ActiveMQMessageProducer) session.createProducer(session.createQueue(context.destination()));
            producer.setDeliveryMode(DeliveryMode.PERSISTENT);
            callbackProducer = producer;
            return;
        }
        Thread thread = new Thread(() -> sendBatches(opened), "raw-send");
        sender = thread;
        thread.start();
    }

    private void sendBatches(Connection connection) {
        List<Pending> batch = new ArrayList<>();
        BlockingQueue<Pending> waiting = Objects.requireNonNull(pending);
        Semaphore permits = Objects.requireNonNull(room);
        int most = Integer.parseInt(setting("batch"));
        String name = Objects.requireNonNull(context).destination();
        try (Session together = connection.createSession(true, Session.SESSION_TRANSACTED);
                Session alone = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
                MessageProducer many = together.createProducer(together.createQueue(name));
                MessageProducer one = alone.createProducer(alone.createQueue(name))) {
            many.setDeliveryMode(DeliveryMode.PERSISTENT);
            one.setDeliveryMode(DeliveryMode.PERSISTENT);
            while (!sendingEnds || !waiting.isEmpty()) {
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
                permits.release(batch.size());
                batch.forEach(each -> each.completion.ended(null));
                batch.clear();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (JMSException | RuntimeException e) {
            broken = e;
            batch.forEach(each -> each.completion.ended(e));
        }
    }

    private static Message message(Session session, Pending pending) throws JMSException {
        BytesMessage message = session.createBytesMessage();
        message.writeBytes(pending.payload);
        message.setStringProperty("key", pending.key);
        message.setStringProperty("JMSXGroupID", "key-" + (pending.key.hashCode() & (GROUPS - 1)));
        return message;
    }

    @Override
    public void subscribe(PayloadHandler handler) throws Exception {
        ArmContext opened = Objects.requireNonNull(context, "open comes first");
        Connection connection = connect();
        receiving = connection;
        KeyedWorkers pool = new KeyedWorkers(opened.handlers(), 2 * opened.maxInFlight());
        workers = pool;
        Session session = connection.createSession(false, ActiveMQSession.INDIVIDUAL_ACKNOWLEDGE);
        MessageConsumer consumer = session.createConsumer(session.createQueue(opened.destination()));
        Thread thread = new Thread(() -> receive(consumer, pool, handler, opened.maxInFlight()), "raw-receive");
        receiver = thread;
        thread.start();
    }

    /** The only thread that uses the session, as JMS wants it. */
    private void receive(MessageConsumer consumer, KeyedWorkers pool, PayloadHandler handler, int most) {
        try {
            while (!receivingEnds || inFlight.get() > 0 || !done.isEmpty()) {
                Message handled = done.poll();
                while (handled != null) {
                    handled.acknowledge();
                    handled = done.poll();
                }
                Message message = inFlight.get() < most && !receivingEnds ? consumer.receive(RECEIVE_MILLIS) : null;
                if (message != null) {
                    hand((BytesMessage) message, pool, handler);
                } else if (inFlight.get() >= most || receivingEnds) {
                    LockSupport.parkNanos(this, PAUSE_NANOS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (JMSException | RuntimeException e) {
            broken = e;
        }
    }

    private void hand(BytesMessage message, KeyedWorkers pool, PayloadHandler handler)
            throws JMSException, InterruptedException {
        byte[] payload = new byte[(int) message.getBodyLength()];
        message.readBytes(payload);
        String key = message.getStringProperty("key");
        inFlight.incrementAndGet();
        pool.submit(key.hashCode(), () -> {
            handler.handle(payload);
            done.add(message);
            inFlight.decrementAndGet();
        });
    }

    @Override
    public void send(String key, byte[] payload, Completion completion) throws Exception {
        Throwable failure = broken;
        if (failure != null) {
            throw new IllegalStateException("the raw client ended", failure);
        }
        if (!Objects.requireNonNull(room, "open comes first").tryAcquire(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("no confirm within 30 s");
        }
        Pending sent = new Pending(key, payload, completion);
        ActiveMQMessageProducer producer = callbackProducer;
        if (producer == null) {
            Objects.requireNonNull(pending).put(sent);
        } else {
            producer.send(message(Objects.requireNonNull(callbackSession), sent), new Answer(completion));
        }
    }

    private final class Answer implements AsyncCallback {
        private final Completion completion;

        Answer(Completion completion) {
            this.completion = completion;
        }

        @Override
        public void onSuccess() {
            Objects.requireNonNull(room).release();
            completion.ended(null);
        }

        @Override
        public void onException(JMSException failure) {
            Objects.requireNonNull(room).release();
            completion.ended(failure);
        }
    }

    @Override
    public void close() throws Exception {
        sendingEnds = true;
        if (sender != null) {
            sender.join(10_000);
        }
        receivingEnds = true;
        if (receiver != null) {
            receiver.join(10_000);
        }
        if (workers != null) {
            workers.close();
        }
        if (callbackProducer != null) {
            // What is under way has its answer when all room is free again.
            Semaphore permits = Objects.requireNonNull(room);
            int all = Objects.requireNonNull(context).maxInFlight();
            if (permits.tryAcquire(all, 10, TimeUnit.SECONDS)) {
                permits.release(all);
            }
        }
        if (receiving != null) {
            receiving.close();
        }
        if (sending != null) {
            sending.close();
        }
    }
}
