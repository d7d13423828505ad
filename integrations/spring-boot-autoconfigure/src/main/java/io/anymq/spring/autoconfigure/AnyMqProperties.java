package io.anymq.spring.autoconfigure;

import io.anymq.policy.DeadLetterPolicy;
import io.anymq.policy.RetryPolicy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.PropertyMapper;

/**
 * The keys of AnyMQ in {@code application.properties}, with their types. Null is AnyMQ's own default. The client does
 * not read them here: it gets their texts, so that it can report all mistakes at once. The keys of adapters, such as
 * {@code anymq.kafka.partitions}, are passed on as they are.
 */
@ConfigurationProperties("anymq")
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

    private final Producer producer = new Producer();
    private final Consumer consumer = new Consumer();
    private final Retry retry = new Retry();
    private final DeadLetter deadLetter = new DeadLetter();
    private final Listener listener = new Listener();
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
    public Producer getProducer() {
        return producer;
    }

    /** {@code anymq.consumer.*}. */
    public Consumer getConsumer() {
        return consumer;
    }

    /** {@code anymq.retry.*}. */
    public Retry getRetry() {
        return retry;
    }

    /** {@code anymq.dead-letter.*}. */
    public DeadLetter getDeadLetter() {
        return deadLetter;
    }

    /** {@code anymq.listener.*}. */
    public Listener getListener() {
        return listener;
    }

    /** {@code anymq.ssl.*}. */
    public Ssl getSsl() {
        return ssl;
    }

    /** {@code anymq.json.*}. */
    public Json getJson() {
        return json;
    }

    /** How messages are sent. */
    public static class Producer {
        /** Maximum number of unconfirmed sends. */
        private @Nullable Integer maxInFlight;

        /** How long send may block while that window is full. */
        private @Nullable Duration maxBlock;

        /** How long a send may take before it ends as UNKNOWN. */
        private @Nullable Duration sendTimeout;

        /** Whether failed sends are retried in order until the send time-out. */
        private @Nullable Boolean retry;

        /** Maximum size of an encoded body, such as 1MiB. */
        private @Nullable String maxBody;

        /** {@code anymq.producer.max-in-flight}. */
        public @Nullable Integer getMaxInFlight() {
            return maxInFlight;
        }

        /** Sets it. */
        public void setMaxInFlight(@Nullable Integer maxInFlight) {
            this.maxInFlight = maxInFlight;
        }

        /** {@code anymq.producer.max-block}. */
        public @Nullable Duration getMaxBlock() {
            return maxBlock;
        }

        /** Sets it. */
        public void setMaxBlock(@Nullable Duration maxBlock) {
            this.maxBlock = maxBlock;
        }

        /** {@code anymq.producer.send-timeout}. */
        public @Nullable Duration getSendTimeout() {
            return sendTimeout;
        }

        /** Sets it. */
        public void setSendTimeout(@Nullable Duration sendTimeout) {
            this.sendTimeout = sendTimeout;
        }

        /** {@code anymq.producer.retry}. */
        public @Nullable Boolean getRetry() {
            return retry;
        }

        /** Sets it. */
        public void setRetry(@Nullable Boolean retry) {
            this.retry = retry;
        }

        /** {@code anymq.producer.max-body}. */
        public @Nullable String getMaxBody() {
            return maxBody;
        }

        /** Sets it. */
        public void setMaxBody(@Nullable String maxBody) {
            this.maxBody = maxBody;
        }
    }

    /** How messages are consumed. */
    public static class Consumer {
        /** Maximum number of concurrent handlers, per consumer. */
        private @Nullable Integer concurrency;

        /** Maximum number of received messages that are not yet settled, per consumer. */
        private @Nullable Integer maxInFlight;

        /** Their maximum size, such as 64MiB. */
        private @Nullable String maxInFlightBytes;

        /** Maximum number of messages that wait behind a retry of their key, per consumer. */
        private @Nullable Integer maxBlocked;

        /** Their maximum size, such as 64MiB. */
        private @Nullable String maxBlockedBytes;

        /** Maximum number of messages handled per second; 0 for no limit. */
        private @Nullable Double maxPerSecond;

        /** How long closing waits for running handlers. */
        private @Nullable Duration drainTimeout;

        /** Whether the JVM stays alive until a started consumer is closed. */
        private @Nullable Boolean keepAlive;

        /** Maximum number of destinations of delivery.publish that stay open without being used. */
        private @Nullable Integer maxOpenOutputs;

        /** {@code anymq.consumer.concurrency}. */
        public @Nullable Integer getConcurrency() {
            return concurrency;
        }

        /** Sets it. */
        public void setConcurrency(@Nullable Integer concurrency) {
            this.concurrency = concurrency;
        }

        /** {@code anymq.consumer.max-in-flight}. */
        public @Nullable Integer getMaxInFlight() {
            return maxInFlight;
        }

        /** Sets it. */
        public void setMaxInFlight(@Nullable Integer maxInFlight) {
            this.maxInFlight = maxInFlight;
        }

        /** {@code anymq.consumer.max-in-flight-bytes}. */
        public @Nullable String getMaxInFlightBytes() {
            return maxInFlightBytes;
        }

        /** Sets it. */
        public void setMaxInFlightBytes(@Nullable String maxInFlightBytes) {
            this.maxInFlightBytes = maxInFlightBytes;
        }

        /** {@code anymq.consumer.max-blocked}. */
        public @Nullable Integer getMaxBlocked() {
            return maxBlocked;
        }

        /** Sets it. */
        public void setMaxBlocked(@Nullable Integer maxBlocked) {
            this.maxBlocked = maxBlocked;
        }

        /** {@code anymq.consumer.max-blocked-bytes}. */
        public @Nullable String getMaxBlockedBytes() {
            return maxBlockedBytes;
        }

        /** Sets it. */
        public void setMaxBlockedBytes(@Nullable String maxBlockedBytes) {
            this.maxBlockedBytes = maxBlockedBytes;
        }

        /** {@code anymq.consumer.max-per-second}. */
        public @Nullable Double getMaxPerSecond() {
            return maxPerSecond;
        }

        /** Sets it. */
        public void setMaxPerSecond(@Nullable Double maxPerSecond) {
            this.maxPerSecond = maxPerSecond;
        }

        /** {@code anymq.consumer.drain-timeout}. */
        public @Nullable Duration getDrainTimeout() {
            return drainTimeout;
        }

        /** Sets it. */
        public void setDrainTimeout(@Nullable Duration drainTimeout) {
            this.drainTimeout = drainTimeout;
        }

        /** {@code anymq.consumer.keep-alive}. */
        public @Nullable Boolean getKeepAlive() {
            return keepAlive;
        }

        /** Sets it. */
        public void setKeepAlive(@Nullable Boolean keepAlive) {
            this.keepAlive = keepAlive;
        }

        /** {@code anymq.consumer.max-open-outputs}. */
        public @Nullable Integer getMaxOpenOutputs() {
            return maxOpenOutputs;
        }

        /** Sets it. */
        public void setMaxOpenOutputs(@Nullable Integer maxOpenOutputs) {
            this.maxOpenOutputs = maxOpenOutputs;
        }
    }

    /** The attempts at a failing message. */
    public static class Retry {
        /** Maximum number of attempts, including the first. */
        private @Nullable Integer maxAttempts;

        /** Delay before the second attempt. */
        private @Nullable Duration initialDelay;

        /** Factor by which the delay grows from one attempt to the next. */
        private @Nullable Double multiplier;

        /** Maximum delay between attempts. */
        private @Nullable Duration maxDelay;

        /** Random extension of each delay as a fraction of it, 0 to 1. */
        private @Nullable Double jitter;

        /** Time after the first attempt when retrying ends; 0s for no limit. */
        private @Nullable Duration maxElapsed;

        /** On unordered destinations, longer delays are spent at the broker. */
        private @Nullable Duration inPlaceLimit;

        /** {@code anymq.retry.max-attempts}. */
        public @Nullable Integer getMaxAttempts() {
            return maxAttempts;
        }

        /** Sets it. */
        public void setMaxAttempts(@Nullable Integer maxAttempts) {
            this.maxAttempts = maxAttempts;
        }

        /** {@code anymq.retry.initial-delay}. */
        public @Nullable Duration getInitialDelay() {
            return initialDelay;
        }

        /** Sets it. */
        public void setInitialDelay(@Nullable Duration initialDelay) {
            this.initialDelay = initialDelay;
        }

        /** {@code anymq.retry.multiplier}. */
        public @Nullable Double getMultiplier() {
            return multiplier;
        }

        /** Sets it. */
        public void setMultiplier(@Nullable Double multiplier) {
            this.multiplier = multiplier;
        }

        /** {@code anymq.retry.max-delay}. */
        public @Nullable Duration getMaxDelay() {
            return maxDelay;
        }

        /** Sets it. */
        public void setMaxDelay(@Nullable Duration maxDelay) {
            this.maxDelay = maxDelay;
        }

        /** {@code anymq.retry.jitter}. */
        public @Nullable Double getJitter() {
            return jitter;
        }

        /** Sets it. */
        public void setJitter(@Nullable Double jitter) {
            this.jitter = jitter;
        }

        /** {@code anymq.retry.max-elapsed}. */
        public @Nullable Duration getMaxElapsed() {
            return maxElapsed;
        }

        /** Sets it. */
        public void setMaxElapsed(@Nullable Duration maxElapsed) {
            this.maxElapsed = maxElapsed;
        }

        /** {@code anymq.retry.in-place-limit}. */
        public @Nullable Duration getInPlaceLimit() {
            return inPlaceLimit;
        }

        /** Sets it. */
        public void setInPlaceLimit(@Nullable Duration inPlaceLimit) {
            this.inPlaceLimit = inPlaceLimit;
        }

        /** The policy that the client makes of these. */
        RetryPolicy toPolicy() {
            RetryPolicy.Builder builder = RetryPolicy.builder();
            PropertyMapper map = PropertyMapper.get();
            map.from(this::getMaxAttempts).to(builder::maxAttempts);
            map.from(this::getInitialDelay).to(builder::initialDelay);
            map.from(this::getMultiplier).to(builder::multiplier);
            map.from(this::getMaxDelay).to(builder::maxDelay);
            map.from(this::getJitter).to(builder::jitter);
            map.from(this::getMaxElapsed).to(builder::maxElapsed);
            map.from(this::getInPlaceLimit).to(builder::inPlaceLimit);
            return builder.build();
        }
    }

    /** Messages that have exhausted their attempts. */
    public static class DeadLetter {
        /** What the consumer does after it gave up on a message. */
        private DeadLetterPolicy.@Nullable Then then;

        /** Whether messages are discarded instead of dead-lettered. */
        private @Nullable Boolean discard;

        /** Whether dead letters carry the exception's message and stack trace. */
        private @Nullable Boolean exceptionDetails;

        /** {@code anymq.dead-letter.then}. */
        public DeadLetterPolicy.@Nullable Then getThen() {
            return then;
        }

        /** Sets it. */
        public void setThen(DeadLetterPolicy.@Nullable Then then) {
            this.then = then;
        }

        /** {@code anymq.dead-letter.discard}. */
        public @Nullable Boolean getDiscard() {
            return discard;
        }

        /** Sets it. */
        public void setDiscard(@Nullable Boolean discard) {
            this.discard = discard;
        }

        /** {@code anymq.dead-letter.exception-details}. */
        public @Nullable Boolean getExceptionDetails() {
            return exceptionDetails;
        }

        /** Sets it. */
        public void setExceptionDetails(@Nullable Boolean exceptionDetails) {
            this.exceptionDetails = exceptionDetails;
        }

        /** The policy that the client makes of these. */
        DeadLetterPolicy toPolicy() {
            DeadLetterPolicy.Builder builder = DeadLetterPolicy.builder();
            PropertyMapper map = PropertyMapper.get();
            map.from(this::getThen).to(builder::then);
            map.from(this::getDiscard).to(builder::discard);
            map.from(this::getExceptionDetails).to(builder::exceptionDetails);
            return builder.build();
        }
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
