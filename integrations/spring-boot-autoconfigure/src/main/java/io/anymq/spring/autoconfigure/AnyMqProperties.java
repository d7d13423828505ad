package io.anymq.spring.autoconfigure;

import io.anymq.API;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;

/**
 * The keys of AnyMQ in {@code application.properties}, with their types. Null is AnyMQ's own default. The client does
 * not read them here: it gets their texts, so that it can report all mistakes at once. The keys of adapters, such as
 * {@code anymq.kafka.partitions}, are passed on as they are.
 */
@ConfigurationProperties("anymq")
@API(API.Status.EVOLVING)
public class AnyMqProperties {
    /** Whether AnyMQ is configured at all. */
    private boolean enabled = true;

    /** The broker, such as inmemory: or kafka://localhost:9092. */
    private @Nullable String url;

    /** The client's name at the broker; anymq- and a random part if unset. */
    private @Nullable String name;

    /** Whether missing queues, topics and subscriptions are created, only checked, or neither. */
    private @Nullable Provision provision;

    /** Time limit for connecting. */
    private @Nullable Duration connectTimeout;

    /** Time limit for administrative calls. */
    private @Nullable Duration operationTimeout;

    /** Names at the broker: queue.[name], topic.[name] and subscription.[topic/name]. */
    private Map<String, String> names = new LinkedHashMap<>();

    @NestedConfigurationProperty
    private final ProducerProperties producer = new ProducerProperties();

    @NestedConfigurationProperty
    private final ConsumerProperties consumer = new ConsumerProperties();

    @NestedConfigurationProperty
    private final RetryProperties retry = new RetryProperties();

    @NestedConfigurationProperty
    private final DeadLetterProperties deadLetter = new DeadLetterProperties();

    private final Listener listener = new Listener();
    private final Inbox inbox = new Inbox();
    private final Outbox outbox = new Outbox();
    private final Ssl ssl = new Ssl();
    private final Json json = new Json();

    /** What happens to queues, topics and subscriptions that are missing at the broker. */
    public enum Provision {
        /** They are created. */
        CREATE,
        /** They must exist. */
        VALIDATE,
        /** Neither: it is left to the broker. */
        NONE
    }

    /** The JSON codec's mapper. */
    public enum Mapper {
        /** The application's mapper bean, which spring.jackson configures. */
        APPLICATION,
        /** The one of AnyMQ, which refuses what it cannot read exactly. */
        STRICT
    }

    /** {@code anymq.enabled}. */
    public boolean isEnabled() {
        return enabled;
    }

    /** Sets it. */
    public void setEnabled(boolean enabled) {
        this.enabled = enabled;
    }

    /** {@code anymq.url}. */
    public @Nullable String getUrl() {
        return url;
    }

    /** Sets it. */
    public void setUrl(@Nullable String url) {
        this.url = url;
    }

    /** {@code anymq.name}. */
    public @Nullable String getName() {
        return name;
    }

    /** Sets it. */
    public void setName(@Nullable String name) {
        this.name = name;
    }

    /** {@code anymq.provision}. */
    public @Nullable Provision getProvision() {
        return provision;
    }

    /** Sets it. */
    public void setProvision(@Nullable Provision provision) {
        this.provision = provision;
    }

    /** {@code anymq.connect-timeout}. */
    public @Nullable Duration getConnectTimeout() {
        return connectTimeout;
    }

    /** Sets it. */
    public void setConnectTimeout(@Nullable Duration connectTimeout) {
        this.connectTimeout = connectTimeout;
    }

    /** {@code anymq.operation-timeout}. */
    public @Nullable Duration getOperationTimeout() {
        return operationTimeout;
    }

    /** Sets it. */
    public void setOperationTimeout(@Nullable Duration operationTimeout) {
        this.operationTimeout = operationTimeout;
    }

    /** {@code anymq.names.*}. */
    public Map<String, String> getNames() {
        return names;
    }

    /** Sets it. */
    public void setNames(Map<String, String> names) {
        this.names = names;
    }

    /** {@code anymq.producer.*}. */
    public ProducerProperties getProducer() {
        return producer;
    }

    /** {@code anymq.consumer.*}. */
    public ConsumerProperties getConsumer() {
        return consumer;
    }

    /** {@code anymq.retry.*}. */
    public RetryProperties getRetry() {
        return retry;
    }

    /** {@code anymq.dead-letter.*}. */
    public DeadLetterProperties getDeadLetter() {
        return deadLetter;
    }

    /** {@code anymq.listener.*}. */
    public Listener getListener() {
        return listener;
    }

    /** {@code anymq.inbox.*}. */
    public Inbox getInbox() {
        return inbox;
    }

    /** {@code anymq.outbox.*}. */
    public Outbox getOutbox() {
        return outbox;
    }

    /** {@code anymq.ssl.*}. */
    public Ssl getSsl() {
        return ssl;
    }

    /** {@code anymq.json.*}. */
    public Json getJson() {
        return json;
    }

    /** The listeners. */
    public static class Listener {
        /** Whether listeners start with the application unless their annotation says otherwise. */
        private boolean autoStartup = true;

        /** {@code anymq.listener.auto-startup}. */
        public boolean isAutoStartup() {
            return autoStartup;
        }

        /** Sets it. */
        public void setAutoStartup(boolean autoStartup) {
            this.autoStartup = autoStartup;
        }
    }

    /** The inbox. */
    public static class Inbox {
        /** Whether each listener runs in a transaction of an inbox, so that a message has one effect. */
        private boolean enabled;

        /** {@code anymq.inbox.enabled}. */
        public boolean isEnabled() {
            return enabled;
        }

        /** Sets it. */
        public void setEnabled(boolean enabled) {
            this.enabled = enabled;
        }
    }

    /** The outbox. */
    public static class Outbox {
        /** Whether there is an outbox, which stores messages in the transaction that they tell of. */
        private boolean enabled;

        /** Whether this application sends what is in the outbox; false where another process does. */
        private boolean relay = true;

        /** {@code anymq.outbox.enabled}. */
        public boolean isEnabled() {
            return enabled;
        }

        /** Sets it. */
        public void setEnabled(boolean enabled) {
            this.enabled = enabled;
        }

        /** {@code anymq.outbox.relay}. */
        public boolean isRelay() {
            return relay;
        }

        /** Sets it. */
        public void setRelay(boolean relay) {
            this.relay = relay;
        }
    }

    /** TLS. */
    public static class Ssl {
        /** Name of the SSL bundle to connect with; brokers in memory ignore it. */
        private @Nullable String bundle;

        /** {@code anymq.ssl.bundle}. */
        public @Nullable String getBundle() {
            return bundle;
        }

        /** Sets it. */
        public void setBundle(@Nullable String bundle) {
            this.bundle = bundle;
        }
    }

    /** Bodies as JSON. */
    public static class Json {
        /** Whose mapper reads and writes JSON. */
        private Mapper mapper = Mapper.APPLICATION;

        /** {@code anymq.json.mapper}. */
        public Mapper getMapper() {
            return mapper;
        }

        /** Sets it. */
        public void setMapper(Mapper mapper) {
            this.mapper = mapper;
        }
    }
}
