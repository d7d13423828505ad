package io.anymq.rabbitmq;

import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MetricsCollector;
import com.rabbitmq.client.impl.AMQConnection;
import com.rabbitmq.client.impl.ChannelManager;
import com.rabbitmq.client.impl.ChannelN;
import com.rabbitmq.client.impl.ConnectionParams;
import com.rabbitmq.client.impl.ConsumerWorkService;
import com.rabbitmq.client.impl.FrameHandler;
import com.rabbitmq.client.impl.FrameHandlerFactory;
import com.rabbitmq.client.observation.ObservationCollector;
import io.anymq.spi.support.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;

/**
 * Makes one connection, which writes through {@link GatheringFrames} and whose channels are {@link DirectChannel}s: by the
 * same extension points as the client library's own recovery has its channels. The library gives each address all the time
 * there is; here each of several gets its share, so that a silent server does not use up the others'. Not thread-safe.
 */
final class LinkConnectionFactory extends ConnectionFactory {
    /** For an address that a host's name turned out to have besides the first. */
    private static final Duration LEAST = Duration.ofMillis(500);

    private final ScheduledExecutorService timer;
    private final Made made;
    private final Deadline deadline;
    private int addressesLeft;
    private Deadline share;

    /** Sees a connection before anything is written to it. */
    @FunctionalInterface
    interface Made {
        void accept(GatheringFrames frames, Deadline deadline) throws IOException;
    }

    /**
     * A factory for one connection.
     *
     * @param timer must have a thread to spare that may block in a write
     * @param deadline until there is one
     * @param addresses how many it may be made to
     * @param made is given each when its socket is connected, and the time that is left for that address; what it throws is
     *     why the address cannot be used
     */
    LinkConnectionFactory(ScheduledExecutorService timer, Deadline deadline, int addresses, Made made) {
        this.timer = timer;
        this.made = made;
        this.deadline = deadline;
        this.addressesLeft = addresses;
        this.share = deadline;
    }

    @Override
    protected synchronized FrameHandlerFactory createFrameHandlerFactory() {
        return (address, name) -> {
            share = share();
            setConnectionTimeout(millis(share));
            GatheringFrames frames =
                    new GatheringFrames(super.createFrameHandlerFactory().create(address, name), timer);
            made.accept(frames, share);
            return frames;
        };
    }

    private Deadline share() {
        Duration left = deadline.left();
        if (addressesLeft > 1) {
            return Deadline.after(left.dividedBy(addressesLeft--));
        }
        return Deadline.after(left.compareTo(LEAST) < 0 ? LEAST : left);
    }

    /** Zero would mean to wait for ever. */
    private static int millis(Deadline deadline) {
        return Math.max(1, deadline.millisLeft());
    }

    @Override
    protected AMQConnection createConnection(ConnectionParams params, FrameHandler frames, MetricsCollector metrics) {
        params.setHandshakeTimeout(millis(share));
        return new Direct(params, frames, metrics);
    }

    private static final class Direct extends AMQConnection {
        Direct(ConnectionParams params, FrameHandler frames, MetricsCollector metrics) {
            super(params, frames, metrics, ObservationCollector.NO_OP);
        }

        @Override
        protected ChannelManager instantiateChannelManager(int channelMax, ThreadFactory threads) {
            ChannelManager manager =
                    new ChannelManager(
                            _workService, channelMax, threads, metricsCollector, ObservationCollector.NO_OP) {
                        @Override
                        protected ChannelN instantiateChannel(
                                AMQConnection connection, int number, ConsumerWorkService workers) {
                            return new DirectChannel(connection, number, workers, metricsCollector);
                        }
                    };
            configureChannelManager(manager);
            return manager;
        }
    }
}
