package io.anymq.rocketmq.protocol;

import io.anymq.spi.support.TlsStores;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSessionContext;

/**
 * TLS as the adapter's options say, in place of the vendor's, which trusts every certificate unless system properties
 * of the whole JVM say otherwise, and never compares the host. The vendor's client makes a handler before it knows the
 * host; that handler waits for the address, and lets one that verifies it take its place. Netty holds requests back
 * until the handshake has succeeded.
 */
final class VerifiedTls extends SslContext {
    private final TlsStores stores;
    private final TlsRefusals refusals;
    private final Duration handshake;

    VerifiedTls(TlsStores stores, TlsRefusals refusals, Duration handshake) {
        this.stores = stores;
        this.refusals = refusals;
        this.handshake = handshake;
    }

    @Override
    protected SslHandler newHandler(ByteBufAllocator allocator, boolean startTls) {
        return new UntilAddressed(newEngine(allocator));
    }

    /** Holds the place of TLS in a channel that is not connected yet; nothing can pass it. */
    private final class UntilAddressed extends SslHandler {
        UntilAddressed(SSLEngine engine) {
            super(engine);
        }

        @Override
        public void connect(
                ChannelHandlerContext context, SocketAddress remote, SocketAddress local, ChannelPromise connected) {
            InetSocketAddress server = (InetSocketAddress) remote;
            SslHandler verifying =
                    new Verifying(stores.engine(server.getHostString(), server.getPort()), refusals.of(server));
            verifying.setHandshakeTimeoutMillis(handshake.toMillis());
            context.pipeline().replace(this, null, verifying);
            ChannelFuture unused = context.pipeline().context(verifying).connect(remote, local, connected);
        }
    }

    /** Reports why TLS failed; servers that look at the client's certificate may say so after the handshake. */
    private static final class Verifying extends SslHandler {
        private final TlsRefusals.Server server;

        Verifying(SSLEngine engine, TlsRefusals.Server server) {
            super(engine);
            this.server = server;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext context) throws Exception {
            super.handlerAdded(context);
            Future<Channel> unused = handshakeFuture().addListener(done -> {
                if (done.cause() != null) {
                    server.failed(done.cause());
                }
            });
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) throws Exception {
            server.hungUp();
            super.channelInactive(context);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) throws Exception {
            server.failed(failure);
            super.exceptionCaught(context, failure);
        }
    }

    @Override
    public boolean isClient() {
        return true;
    }

    @Override
    public List<String> cipherSuites() {
        return List.of(stores.context().getDefaultSSLParameters().getCipherSuites());
    }

    @Override
    @SuppressWarnings("deprecation") // abstract, and deprecated
    public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
        return List::of;
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator allocator) {
        SSLEngine engine = stores.context().createSSLEngine();
        engine.setUseClientMode(true);
        return engine;
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator allocator, String host, int port) {
        return stores.engine(host, port);
    }

    @Override
    public SSLSessionContext sessionContext() {
        return stores.context().getClientSessionContext();
    }
}
