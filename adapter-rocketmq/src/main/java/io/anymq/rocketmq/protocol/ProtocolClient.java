package io.anymq.rocketmq.protocol;

import io.anymq.MessagingException;
import io.anymq.spi.support.Deadline;
import io.anymq.spi.support.SameThreadExecutor;
import io.anymq.spi.support.TlsStores;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import javax.net.ssl.SSLException;
import org.apache.rocketmq.client.exception.MQBrokerException;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.impl.ClientRemotingProcessor;
import org.apache.rocketmq.client.impl.MQClientAPIImpl;
import org.apache.rocketmq.common.ServiceThread;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.remoting.InvokeCallback;
import org.apache.rocketmq.remoting.exception.RemotingException;
import org.apache.rocketmq.remoting.exception.RemotingTimeoutException;
import org.apache.rocketmq.remoting.netty.NettyClientConfig;
import org.apache.rocketmq.remoting.netty.NettyEvent;
import org.apache.rocketmq.remoting.netty.NettyEventType;
import org.apache.rocketmq.remoting.netty.NettyRemotingClient;
import org.apache.rocketmq.remoting.netty.NettyRequestProcessor;
import org.apache.rocketmq.remoting.netty.ResponseFuture;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.remoting.protocol.RequestCode;
import org.jspecify.annotations.Nullable;

/**
 * The protocol layer of the vendor's classic client, without the layers on top of it: it sends requests, and nothing
 * else happens by itself. One connection to each server, one thread. Thread-safe.
 *
 * <p>A request names its broker; where the broker is, the last answers of the name servers say.
 */
public final class ProtocolClient {
    private final NioEventLoopGroup thread;
    private final TlsRefusals refusals = new TlsRefusals();
    private final String[] nameServerAddresses;
    private final Remoting remoting;
    private final MQClientAPIImpl api;
    private final BiFunction<String, Failure, MessagingException> errors;

    /** Addresses of brokers by name, which remain known while a name server is away. */
    private final Map<String, String> addresses = new ConcurrentHashMap<>();

    /** When a broker last answered, by its address. */
    private final Map<String, AtomicLong> heardFrom = new ConcurrentHashMap<>();

    private final NameServerRequests nameServers = new NameServerRequests(this);
    private final MessageRequests messages = new MessageRequests(this);
    private volatile Runnable membersChanged = () -> {};
    private volatile boolean closed;

    private ProtocolClient(
            ClientSettings settings, String name, BiFunction<String, Failure, MessagingException> errors) {
        this.thread = thread(new DefaultThreadFactory("anymq-rocketmq-" + name, true));
        this.errors = errors;
        this.nameServerAddresses = settings.nameServers().split(",", -1);
        // the vendor's timer takes over whether the thread that makes it is a daemon
        this.remoting = thread.submit(() -> new Remoting(settings, refusals, thread))
                .syncUninterruptibly()
                .getNow();
        remoting.setCallbackExecutor(new SameThreadExecutor());
        this.api = new MQClientAPIImpl(
                settings.netty(),
                new BrokerNotices(),
                settings.accessControl(),
                settings.client(),
                null,
                netty -> remoting);
        api.updateNameServerAddressList(settings.separatedBySemicolon());
    }

    /** The one thread. The vendor's own would live on for 2 s after a close, without anything to do. */
    private static NioEventLoopGroup thread(ThreadFactory factory) {
        return new NioEventLoopGroup(1, factory) {
            @Override
            public io.netty.util.concurrent.Future<?> shutdownGracefully() {
                return shutdownGracefully(0, 1, TimeUnit.SECONDS);
            }
        };
    }

    /**
     * Starts a client; it connects when a request needs it.
     *
     * @param errors makes the exception that requests throw when they fail, of what was done and why it failed
     */
    public static ProtocolClient start(
            ClientSettings settings, String name, BiFunction<String, Failure, MessagingException> errors) {
        ProtocolClient client = new ProtocolClient(settings, name, errors);
        client.api.start();
        return client;
    }

    /** Calls {@code listener}, on the client's thread, when a broker says that a group has changed. */
    public void onMembersChanged(Runnable listener) {
        membersChanged = listener;
    }

    /** Requests to the name servers. */
    public NameServerRequests nameServers() {
        return nameServers;
    }

    /** Sends and pulls. */
    public MessageRequests messages() {
        return messages;
    }

    /** Requests to a broker, each within {@code timeout}. */
    public BrokerRequests broker(String name, Duration timeout) {
        return new BrokerRequests(this, name, timeout);
    }

    /** Requests to the broker that has {@code queue}, each within {@code timeout}. */
    public BrokerRequests broker(MessageQueue queue, Duration timeout) {
        return broker(queue.getBrokerName(), timeout);
    }

    /** Runs {@code task} on the client's thread after {@code delay}, unless the client is closed. */
    public Future<?> schedule(Runnable task, Duration delay) {
        return thread.next().schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** The vendor's object, if it is a {@code type}. */
    public <V> Optional<V> unwrap(Class<V> type) {
        return type.isInstance(api) ? Optional.of(type.cast(api)) : Optional.empty();
    }

    /** Ends all connections and the thread. */
    public void close(Duration timeout) {
        Deadline deadline = Deadline.after(timeout);
        closed = true;
        remoting.endEvents();
        api.shutdown();
        thread.terminationFuture().awaitUninterruptibly(deadline.millisLeft());
    }

    /** A request of the vendor's client; {@code address} is empty if it goes to a name server. */
    @FunctionalInterface
    interface Request<T> {
        T send(MQClientAPIImpl api, String address, long timeoutMillis)
                throws RemotingException, MQBrokerException, MQClientException, InterruptedException;
    }

    /** The same without an answer. */
    @FunctionalInterface
    interface Order {
        void send(MQClientAPIImpl api, String address, long timeoutMillis)
                throws RemotingException, MQBrokerException, MQClientException, InterruptedException;
    }

    /** Sends a request to a name server and waits for the answer. */
    <T> T ask(String action, Duration timeout, Request<T> request) {
        try {
            requireOpen();
            return request.send(api, "", millis(timeout));
        } catch (Exception e) {
            throw errors.apply(action, failure(e).refusedBecause(refusals.at(nameServerAddresses)));
        }
    }

    /** The vendor's client reports some interruptions as lost requests. */
    private static Failure failure(Exception e) {
        Throwable cause = e;
        if (e instanceof RemotingException && e.getCause() instanceof InterruptedException hidden) {
            cause = hidden;
        }
        if (cause instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        return Failure.of(cause);
    }

    private void requireOpen() {
        if (closed) {
            throw new ClosedBefore();
        }
    }

    /** Sends a request to a broker and waits for the answer. */
    <T> T ask(String action, String broker, Duration timeout, Request<T> request) {
        try {
            requireOpen();
            return request.send(api, address(broker), millis(timeout));
        } catch (Exception e) {
            throw errors.apply(action, failure(e).refusedBecause(refusal(broker)));
        }
    }

    private @Nullable SSLException refusal(String broker) {
        String address = addresses.get(broker);
        return address == null ? null : refusals.at(address);
    }

    /** Like {@link #ask}. */
    void order(String action, String broker, Duration timeout, Order order) {
        ask(action, broker, timeout, (api, address, millis) -> {
            order.send(api, address, millis);
            return true;
        });
    }

    /** Reads the response of a broker. */
    @FunctionalInterface
    interface Reader<T> {
        T read(RemotingCommand response) throws RemotingException, MQBrokerException;
    }

    /** Sends a request; the answer comes later, at most about 2 s after {@code timeout}. */
    <T> void send(String broker, RemotingCommand request, Duration timeout, Reader<T> reader, Answer<T> answer) {
        begin(
                broker,
                timeout,
                answer,
                (api, address, millis) ->
                        remoting.invokeAsync(address, request, millis, new Callback<>(address, reader, answer)));
    }

    /** Sends a request whose answer comes later; {@code answer} also hears of a failure at once. */
    void begin(String broker, Duration timeout, Answer<?> answer, Order order) {
        // A thread that was interrupted before could not send, and would not be interrupted afterwards.
        boolean interrupted = Thread.interrupted();
        try {
            requireOpen();
            order.send(api, address(broker), millis(timeout));
        } catch (Exception e) {
            answer.ended(null, failure(e).refusedBecause(refusal(broker)));
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static long millis(Duration timeout) {
        return Math.max(1, timeout.toMillis());
    }

    private final class Callback<T> implements InvokeCallback {
        private final String address;
        private final Reader<T> reader;
        private final Answer<T> answer;
        private final AtomicLong heard;
        private final long sentAt = System.nanoTime();
        private volatile @Nullable Channel channel;

        Callback(String address, Reader<T> reader, Answer<T> answer) {
            this.address = address;
            this.reader = reader;
            this.answer = answer;
            this.heard = heardFrom.computeIfAbsent(address, none -> new AtomicLong(sentAt));
        }

        @Override
        public void operationComplete(ResponseFuture future) {
            // The other two say how; one of them follows.
            channel = future.getChannel();
        }

        @Override
        public void operationSucceed(RemotingCommand response) {
            heard.set(System.nanoTime());
            T read;
            try {
                read = reader.read(response);
            } catch (Throwable e) {
                answer.ended(null, e instanceof MQBrokerException ? Failure.of(e) : Failure.unreadable(e));
                return;
            }
            answer.ended(read, null);
        }

        @Override
        public void operationFail(Throwable failure) {
            // The vendor does so for requests that are waited for. Otherwise a connection that the broker has
            // forgotten would be written to until the operating system gives it up, after many minutes.
            if (failure instanceof RemotingTimeoutException && heard.get() - sentAt <= 0) {
                remoting.closeChannel(address, channel);
            }
            answer.ended(null, Failure.of(failure).refusedBecause(refusals.at(address)));
        }
    }

    /** Stores addresses that a name server has given. */
    void remember(Map<String, String> brokers) {
        addresses.putAll(brokers);
    }

    String address(String broker) throws UnknownBroker {
        String address = addresses.get(broker);
        if (address == null) {
            throw new UnknownBroker(broker);
        }
        return address;
    }

    /** The client was closed before the request left. */
    static final class ClosedBefore extends IllegalStateException {
        ClosedBefore() {
            super("the client is closed");
        }
    }

    /** No name server has given the broker's address yet. */
    static final class UnknownBroker extends RemotingException {
        UnknownBroker(String name) {
            super("the broker " + name + " is not registered with the name server");
        }
    }

    /** The vendor's client; its close would wait up to 3 s for a thread that polls for events without listeners. */
    private static final class Remoting extends NettyRemotingClient {
        Remoting(ClientSettings settings, TlsRefusals refusals, NioEventLoopGroup thread) {
            this(settings, settings.netty(), refusals, thread);
        }

        private Remoting(
                ClientSettings settings, NettyClientConfig netty, TlsRefusals refusals, NioEventLoopGroup thread) {
            super(netty, null, thread, thread);
            TlsStores stores = settings.tls();
            if (stores != null) {
                // In this order, because a channel without a context would be a plain one.
                sslContext = new VerifiedTls(stores, refusals, settings.connectTimeout());
                netty.setUseTLS(true);
            }
            // a client without consumers must not keep the JVM alive
            ServiceThread events = nettyEventExecutor;
            events.setDaemon(true);
        }

        /** The vendor's own executor keeps the JVM alive; notices of brokers are short. */
        @Override
        public void registerProcessor(int code, NettyRequestProcessor processor, @Nullable ExecutorService executor) {
            super.registerProcessor(code, processor, new SameThreadExecutor());
        }

        void endEvents() {
            ServiceThread events = nettyEventExecutor;
            events.makeStop();
            putNettyEvent(new NettyEvent(NettyEventType.CLOSE, "", null));
        }
    }

    /** Answers brokers' requests. The vendor's answers would need parts that are not there. */
    private final class BrokerNotices extends ClientRemotingProcessor {
        BrokerNotices() {
            super(null);
        }

        @Override
        public @Nullable RemotingCommand processRequest(ChannelHandlerContext context, RemotingCommand request) {
            if (request.getCode() == RequestCode.NOTIFY_CONSUMER_IDS_CHANGED) {
                membersChanged.run();
            }
            return null;
        }
    }
}
