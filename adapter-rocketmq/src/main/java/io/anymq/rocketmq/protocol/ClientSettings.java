package io.anymq.rocketmq.protocol;

import io.anymq.spi.support.TlsStores;
import java.time.Duration;
import org.apache.rocketmq.acl.common.AclClientRPCHook;
import org.apache.rocketmq.acl.common.SessionCredentials;
import org.apache.rocketmq.client.ClientConfig;
import org.apache.rocketmq.remoting.RPCHook;
import org.apache.rocketmq.remoting.netty.NettyClientConfig;
import org.jspecify.annotations.Nullable;

/**
 * How a client connects.
 *
 * @param nameServers {@code host:port}, separated by commas
 * @param connectTimeout for the name server and the broker behind it
 * @param tls what to trust and to show where connections are encrypted, or null for plain ones
 * @param user of RocketMQ's access control, or null
 * @param password of that user, or null
 */
public record ClientSettings(
        String nameServers,
        Duration connectTimeout,
        @Nullable TlsStores tls,
        @Nullable String user,
        @Nullable String password) {

    /** Without the password. */
    @Override
    public String toString() {
        return nameServers + (tls == null ? "" : ", TLS") + (user == null ? "" : ", user " + user);
    }

    /** As the vendor's client wants them. */
    String separatedBySemicolon() {
        return nameServers.replace(',', ';');
    }

    @Nullable
    RPCHook accessControl() {
        return user == null || password == null ? null : new AclClientRPCHook(new SessionCredentials(user, password));
    }

    ClientConfig client() {
        ClientConfig settings = new ClientConfig();
        settings.setNamesrvAddr(separatedBySemicolon());
        settings.setUseTLS(tls != null);
        settings.setVipChannelEnabled(false);
        return settings;
    }

    NettyClientConfig netty() {
        NettyClientConfig settings = new NettyClientConfig();
        // With it the vendor's client would read certificates from system properties; see VerifiedTls.
        settings.setUseTLS(false);
        settings.setConnectTimeoutMillis((int) Math.max(100, Math.min(3_000, connectTimeout.toMillis() / 2)));
        settings.setScanAvailableNameSrv(false);
        // One thread per client does; a second pool would only add a hand-over to every answer.
        settings.setDisableNettyWorkerGroup(true);
        settings.setClientCallbackExecutorThreads(1);
        return settings;
    }
}
