package io.anymq.rabbitmq;

import com.rabbitmq.client.ExceptionHandler;
import io.anymq.spi.support.GatheringSocket;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what is thrown on the client library's threads, and keeps their channels open. */
final class ClientErrors {
    private static final Logger LOG = LoggerFactory.getLogger(ClientErrors.class);

    private ClientErrors() {}

    /** A handler whose methods all do the same, except the one for the end of the connection. */
    static ExceptionHandler of(GatheringSocket socket) {
        return (ExceptionHandler) Proxy.newProxyInstance(
                ExceptionHandler.class.getClassLoader(),
                new Class<?>[] {ExceptionHandler.class},
                (handler, method, where) -> {
                    if (method.getName().equals("handleUnexpectedConnectionDriverException")) {
                        LOG.debug("The connection {} failed; its link reports that and reconnects", where);
                        // closing flushes first, and would wait for a thread that is stuck in writing
                        socket.abort();
                    } else {
                        LOG.error(
                                "A callback of {} threw an exception ({}); it stays open", where[0], method, where[1]);
                    }
                    return null;
                });
    }
}
