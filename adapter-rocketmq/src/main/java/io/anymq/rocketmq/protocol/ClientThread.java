package io.anymq.rocketmq.protocol;

import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** The one thread of a client. The vendor's own would live on for 2 s after a close, without anything to do. */
final class ClientThread extends NioEventLoopGroup {
    ClientThread(ThreadFactory factory) {
        super(1, factory);
    }

    @Override
    public Future<?> shutdownGracefully() {
        return shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
