package io.anymq.bench.arm;

import io.anymq.bench.arm.ActiveMqTransactions.Pending;
import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.activemq.ActiveMQConnectionFactory;
import org.apache.activemq.ActiveMQMessageProducer;
import org.apache.activemq.ActiveMQSession;
import org.apache.activemq.AsyncCallback;
import org.jspecify.annotations.Nullable;

/**
 * ActiveMQ's own JMS client with the guarantees of the adapter arm: persistent messages in the same message groups, confirmed by
 * the broker, acknowledged individually after the handler has returned; handlers run in key order on as many threads. How it
 * sends is a setting, for Classic and Artemis differ in what is fastest: {@code transactions} of what has come together, or
 * {@code callbacks}, one message after another without waiting; on one connection or on several, each with its share of the
 * groups.
 */
public final class RawActiveMqArm implements Arm {
    private static final long RECEIVE_MILLIS = 1;
    private static final long PAUSE_NANOS = 100_000;
    static final String KEY = "key";
    private static final int GROUPS = 256;

    private @Nullable ArmContext context;
    private @Nullable Connection receiving;
    private @Nullable KeyedWorkers workers;
    private @Nullable Thread receiver;
    private @Nullable SendRoom room;
    private final List<ActiveMqTransactions> transactions = new ArrayList<>();
    private final List<Callbacks> callbacks = new ArrayList<>();
    private volatile boolean receivingEnds;
    private final ConcurrentLinkedQueue<Message> done = new ConcurrentLinkedQueue<>();
    private final AtomicInteger inFlight = new AtomicInteger();

    static int group(String key) {
        return key.hashCode() & (GROUPS - 1);
    }

    private String setting(String name) {
        return Objects.requireNonNull(Objects.requireNonNull(context).vendor().get(name), name);
    }

    private Connection connect() throws JMSException {
        ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(
                "tcp://" + Objects.requireNonNull(context).bootstrap() + "?socketBufferSize="
                        + setting("transport.socketBufferSize"));
        factory.setWatchTopicAdvisories(false);
        // Each message is used once, and only one session of a connection receives.
        factory.setCopyMessageOnSend(false);
        factory.setAlwaysSessionAsync(false);
        factory.getPrefetchPolicy().setQueuePrefetch(Integer.parseInt(setting("prefetch")));
        Connection connection = factory.createConnection();
        connection.start();
        return connection;
    }

    @Override
    public void open(ArmContext context) throws Exception {
        this.context = context;
        SendRoom limit = new SendRoom(context.maxInFlight());
        room = limit;
        int connections = Integer.parseInt(setting("send.connections"));
        for (int number = 0; number < connections; number++) {
            if (setting("sends").equals("callbacks")) {
                callbacks.add(new Callbacks(connect(), context.destination()));
            } else {
                ActiveMqTransactions one = new ActiveMqTransactions(
                        connect(),
                        context.destination(),
                        Integer.parseInt(setting("batch")),
                        context.maxInFlight(),
                        limit,
                        number);
                transactions.add(one);
                one.start();
            }
        }
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
            Objects.requireNonNull(room).broken(e);
        }
    }

    private void hand(BytesMessage message, KeyedWorkers pool, PayloadHandler handler)
            throws JMSException, InterruptedException {
        byte[] payload = new byte[(int) message.getBodyLength()];
        message.readBytes(payload);
        String key = message.getStringProperty(KEY);
        inFlight.incrementAndGet();
        pool.submit(key.hashCode(), () -> {
            handler.handle(payload);
            done.add(message);
            inFlight.decrementAndGet();
        });
    }

    @Override
    public void send(String key, byte[] payload, Completion completion) throws Exception {
        Objects.requireNonNull(room, "open comes first").take();
        Pending sent = new Pending(key, payload, completion);
        // A group stays on its connection: so its messages keep their order.
        if (callbacks.isEmpty()) {
            transactions.get(group(key) % transactions.size()).send(sent);
        } else {
            callbacks.get(group(key) % callbacks.size()).send(sent);
        }
    }

    /** A connection on which message follows message without waiting; used by the one sending thread. */
    private final class Callbacks {
        private final Connection connection;
        private final Session session;
        private final ActiveMQMessageProducer producer;

        Callbacks(Connection connection, String queue) throws JMSException {
            this.connection = connection;
            session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
            producer = (ActiveMQMessageProducer) session.createProducer(session.createQueue(queue));
            producer.setDeliveryMode(DeliveryMode.PERSISTENT);
        }

        void send(Pending sent) throws JMSException {
            producer.send(ActiveMqTransactions.message(session, sent), new Answer(sent.completion()));
        }
    }

    private final class Answer implements AsyncCallback {
        private final Completion completion;

        Answer(Completion completion) {
            this.completion = completion;
        }

        @Override
        public void onSuccess() {
            ended(null);
        }

        @Override
        public void onException(JMSException failure) {
            ended(failure);
        }

        private void ended(@Nullable JMSException failure) {
            Objects.requireNonNull(room).free(1);
            completion.ended(failure);
        }
    }

    @Override
    public void close() throws Exception {
        boolean idle = room == null || room.awaitIdle(10);
        for (ActiveMqTransactions each : transactions) {
            each.close();
        }
        receivingEnds = true;
        if (receiver != null) {
            receiver.join(10_000);
        }
        if (workers != null) {
            workers.close();
        }
        if (receiving != null) {
            receiving.close();
        }
        for (Callbacks each : callbacks) {
            each.connection.close();
        }
        if (!idle) {
            throw new IllegalStateException("sends were without an answer 10 s after the end");
        }
    }
}
