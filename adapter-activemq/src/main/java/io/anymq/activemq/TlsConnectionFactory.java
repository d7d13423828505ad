package io.anymq.activemq;

import io.anymq.spi.support.Deadline;
import io.anymq.spi.support.TlsHandshake;
import jakarta.jms.JMSException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.apache.activemq.ActiveMQConnectionFactory;
import org.apache.activemq.transport.Transport;
import org.apache.activemq.transport.tcp.SslTransport;
import org.apache.activemq.transport.tcp.SslTransportFactory;
import org.apache.activemq.util.JMSExceptionSupport;
import org.apache.activemq.wireformat.WireFormat;

/**
 * Connections over TLS that shake hands within a bound, before anything else is written or read. The vendor's own leave the
 * handshake to the first write, where a server that stays silent holds its thread until the writes' timeout is looked at.
 */
final class TlsConnectionFactory extends ActiveMQConnectionFactory {
    private final SSLContext context;
    private final Duration handshake;

    TlsConnectionFactory(SSLContext context, Duration handshake) {
        this.context = context;
        this.handshake = handshake;
    }

    @Override
    protected Transport createTransport() throws JMSException {
        try {
            return new Transports().doConnect(brokerURL);
        } catch (Exception e) {
            throw JMSExceptionSupport.create("Could not create a transport: " + e.getMessage(), e);
        }
    }

    private final class Transports extends SslTransportFactory {
        @Override
        protected Transport createTransport(URI location, WireFormat format) throws IOException {
            return new SslTransport(format, context.getSocketFactory(), location, null, false) {
                @Override
                protected void connect() throws Exception {
                    super.connect();
                    TlsHandshake.within(Deadline.after(handshake), socket);
                }
            };
        }
    }
}
