package io.anymq.rocketmq;

import io.anymq.MessagingException;
import io.anymq.spi.support.Deadline;
import io.anymq.spi.support.SameThreadExecutor;
import io.netty.channel.Channel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.rocketmq.client.exception.MQBrokerException;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.impl.ClientRemotingProcessor;
import org.apache.rocketmq.client.impl.MQClientAPIImpl;
import org.apache.rocketmq.common.ServiceThread;
import org.apache.rocketmq.remoting.InvokeCallback;
import org.apache.rocketmq.remoting.exception.RemotingException;
import org.apache.rocketmq.remoting.exception.RemotingTimeoutException;
import org.apache.rocketmq.remoting.netty.NettyClientConfig;
import org.apache.rocketmq.remoting.netty.NettyEvent;
import org.apache.rocketmq.remoting.netty.NettyEventType;
import org.apache.rocketmq.remoting.netty.NettyRemotingClient;
import org.apache.rocketmq.remoting.netty.ResponseFuture;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.remoting.protocol.RequestCode;
import org.jspecify.annotations.Nullable;

/**
 * The protocol layer of the vendor's classic client, without the layers on top of it: it sends requests, and nothing
 * else happens by itself. One connection to each server, one thread of the adapter's, typed errors. Thread-safe.
 */
final class RocketMqClient {
    private final ClientThread thread;
    private final Remoting remoting;
    private final MQClientAPIImpl api;

    /** When a broker last answered, by its address. */
    private final Map<String, AtomicLong> heardFrom = new ConcurrentHashMap<>();

    private RocketMqClient(RocketMqConfig config, String name, Runnable onMembersChanged) {
        this.thread = new ClientThread(new DefaultThreadFactory("anymq-rocketmq-" + name, true));
        this.remoting = new Remoting(config.netty(), thread);
        remoting.setCallbackExecutor(new SameThreadExecutor());
        this.api = new MQClientAPIImpl(
                config.netty(),
                new Requests(onMembersChanged),
                config.accessControl(),
                config.client(),
                null,
                settings -> remoting);
        api.updateNameServerAddressList(config.nameServers().replace(',', ';'));
    }

    /** {@code onMembersChanged} is called, on another thread, when a broker says that a group has changed. */
    static RocketMqClient start(RocketMqConfig config, String name, Runnable onMembersChanged) {
        RocketMqClient client = new RocketMqClient(config, name, onMembersChanged);
        client.api.start();
        return client;
    }

    /** A request of the vendor's. */
    @FunctionalInterface
    interface Request<T> {
        T send(MQClientAPIImpl api)
                throws RemotingException, MQBrokerException, MQClientException, InterruptedException;
    }

    /** The same without an answer. */
    @FunctionalInterface
    interface Order {
        void send(MQClientAPIImpl api)
                throws RemotingException, MQBrokerException, MQClientException, InterruptedException;
    }

    /**
     * Sends a request and waits for the answer, as long as the request itself says.
     *
     * @throws MessagingException saying that {@code action} failed
     */
    <T> T ask(String action, Request<T> request) {
        try {
            return request.send(api);
        } catch (RemotingException | MQBrokerException | MQClientException e) {
            throw RocketMqTranslator.error(action, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw RocketMqTranslator.error(action, e);
        }
    }

    /** Like {@link #ask}. */
    void order(String action, Order order) {
        ask(action, api -> {
            order.send(api);
            return true;
        });
    }

    /** Hears how a request ended, once, on the client's thread or the caller's. */
    interface Answer {
        void came(RemotingCommand response);

        void failed(Throwable failure);
    }

    /** Sends a request; the answer comes later, at most about 2 s after {@code timeout}. */
    void send(String address, RemotingCommand request, Duration timeout, Answer answer) {
        AtomicLong heard = heardFrom.computeIfAbsent(address, none -> new AtomicLong(System.nanoTime()));
        long sentAt = System.nanoTime();
        try {
            remoting.invokeAsync(address, request, Math.max(1, timeout.toMillis()), new InvokeCallback() {
                private volatile @Nullable Channel channel;

                @Override
                public void operationComplete(ResponseFuture future) {
                    // The other two say how; one of them follows.
                    channel = future.getChannel();
                }

                @Override
                public void operationSucceed(RemotingCommand response) {
                    heard.set(System.nanoTime());
                    answer.came(response);
                }

                @Override
                public void operationFail(Throwable failure) {
                    // The vendor does so for requests that are waited for. A connection that the broker has forgotten
                    // would else be written to until the operating system gives it up, after many minutes.
                    if (failure instanceof RemotingTimeoutException && heard.get() - sentAt < 0) {
                        remoting.closeChannel(address, channel);
                    }
                    answer.failed(failure);
                }
            });
        } catch (RemotingException e) {
            answer.failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            answer.failed(e);
        }
    }

    /** Runs {@code task} on the client's thread after {@code delay}, unless the client is closed. */
    io.netty.util.concurrent.ScheduledFuture<?> schedule(Runnable task, Duration delay) {
        return thread.next().schedule(task, delay.toNanos(), java.util.concurrent.TimeUnit.NANOSECONDS);
    }

    /** The vendor's object. */
    MQClientAPIImpl api() {
        return api;
    }

    void close(Duration timeout) {
        Deadline deadline = Deadline.after(timeout);
        remoting.endEvents();
        api.shutdown();
        thread.terminationFuture().awaitUninterruptibly(deadline.millisLeft());
    }

    /** The vendor's client; its close would wait up to 3 s for a thread that polls for events without listeners. */
    private static final class Remoting extends NettyRemotingClient {
        Remoting(NettyClientConfig settings, ClientThread thread) {
            super(settings, null, thread, thread);
        }

        void endEvents() {
            ServiceThread events = nettyEventExecutor;
            events.makeStop();
            putNettyEvent(new NettyEvent(NettyEventType.CLOSE, "", null));
        }
    }

    /** Answers brokers' requests. The vendor's answers would need parts that are not there. */
    private static final class Requests extends ClientRemotingProcessor {
        private final Runnable onMembersChanged;

        Requests(Runnable onMembersChanged) {
            super(null);
            this.onMembersChanged = onMembersChanged;
        }

        @Override
        public @Nullable RemotingCommand processRequest(
                io.netty.channel.ChannelHandlerContext context, RemotingCommand request) {
            if (request.getCode() == RequestCode.NOTIFY_CONSUMER_IDS_CHANGED) {
                onMembersChanged.run();
            }
            return null;
        }
    }
}
