package io.anymq.spring.testcontainers;

import io.anymq.spring.autoconfigure.AnyMqConnectionDetails;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionDetailsFactory;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionSource;
import org.testcontainers.containers.Container;

/** Connects to a container, whose URL is asked for when the client opens. */
abstract class BrokerContainerConnectionDetailsFactory<C extends Container<?>>
        extends ContainerConnectionDetailsFactory<C, AnyMqConnectionDetails> {
    BrokerContainerConnectionDetailsFactory() {}

    BrokerContainerConnectionDetailsFactory(List<String> names) {
        super(names);
    }

    /** The URL of a container that runs. */
    abstract String url(C container);

    static String url(String scheme, @Nullable String user, @Nullable String password, String host, int port) {
        String who = user == null || password == null ? "" : encode(user) + ":" + encode(password) + "@";
        return scheme + "://" + who + host + ":" + port;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    protected AnyMqConnectionDetails getContainerConnectionDetails(ContainerConnectionSource<C> source) {
        return new Details<>(source, this);
    }

    private static final class Details<C extends Container<?>> extends ContainerConnectionDetails<C>
            implements AnyMqConnectionDetails {
        private final BrokerContainerConnectionDetailsFactory<C> factory;

        Details(ContainerConnectionSource<C> source, BrokerContainerConnectionDetailsFactory<C> factory) {
            super(source);
            this.factory = factory;
        }

        @Override
        public String getUrl() {
            return factory.url(getContainer());
        }

        @Override
        public @Nullable SslBundle getSslBundle() {
            return super.getSslBundle();
        }
    }
}
