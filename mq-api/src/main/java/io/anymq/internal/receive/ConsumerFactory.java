package io.anymq.internal.receive;

import io.anymq.Consumer;
import io.anymq.ErrorCode;
import io.anymq.Limits;
import io.anymq.MessagingEvent.ConsumerStarted;
import io.anymq.MessagingException;
import io.anymq.MessagingObserver;
import io.anymq.Queue;
import io.anymq.Source;
import io.anymq.StartPosition;
import io.anymq.Subscription;
import io.anymq.internal.config.ClientConfig;
import io.anymq.internal.receive.policy.Layer;
import io.anymq.internal.send.Senders;
import io.anymq.internal.support.EngineContext;
import io.anymq.policy.DeadLetterPolicy;
import io.anymq.policy.DeadLetterPolicy.Then;
import io.anymq.policy.Ordering;
import io.anymq.spi.Capability;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Checks a consumer's requirements, provisions its source, and starts it. One per client. */
public final class ConsumerFactory {
    private final EngineContext engine;
    private final ClientConfig config;
    private final Senders senders;
    private final @Nullable Executor handlerExecutor;
    /** In the order of their start, in which the client closes them. */
    private final Set<DefaultConsumer> open = Collections.synchronizedSet(new LinkedHashSet<>());

    private volatile boolean closed;

    public ConsumerFactory(
            EngineContext engine, ClientConfig config, Senders senders, @Nullable Executor handlerExecutor) {
        this.engine = engine;
        this.config = config;
        this.senders = senders;
        this.handlerExecutor = handlerExecutor;
    }

    ClientConfig config() {
        return config;
    }

    @Nullable
    Executor handlerExecutor() {
        return handlerExecutor;
    }

    /** The client closes: no consumers are added to {@link #open()} after this. */
    public void refuseMore() {
        closed = true;
    }

    /** The consumers that are not closed. */
    public Set<DefaultConsumer> open() {
        return open;
    }

    Consumer start(Source source, ConsumerSettings settings, Function<ConsumerAssembly.Parts, Layer> innermost) {
        Queue deadLetter = deadLetterQueue(source, settings.deadLetter());
        requireAnotherQueue(source, deadLetter);
        provision(source);
        if (deadLetter != null) {
            engine.connection().provision(engine.addresses().of(deadLetter), engine.provisionMode());
        }
        DefaultConsumer consumer =
                new DefaultConsumer(engine, senders, source, settings, deadLetter, innermost, open::remove);
        open.add(consumer);
        try {
            if (closed) {
                throw new MessagingException(ErrorCode.CLOSED, "the client is closed; open a new one");
            }
            consumer.begin();
        } catch (Throwable e) {
            consumer.close();
            throw e;
        }
        engine.observers().tell(MessagingObserver::consumerStarted, new ConsumerStarted(consumer));
        return consumer;
    }

    /** A queue that is its own dead-letter queue would give each failing message out again at once, for ever. */
    private void requireAnotherQueue(Source source, @Nullable Queue deadLetter) {
        if (deadLetter != null
                && source instanceof Queue queue
                && deadLetter.name().equals(queue.name())) {
            throw new MessagingException(
                    ErrorCode.CONFIGURATION,
                    "the dead-letter queue of " + source + " is the queue itself; name another one with"
                            + " DeadLetterPolicy.to(…), or discard with DeadLetterPolicy.discard()");
        }
    }

    /** Checks and provisions a source. */
    public void provision(Source source) {
        requireCapabilities(source);
        Provisioning.provision(engine, source);
    }

    private void requireCapabilities(Source source) {
        if (source instanceof Subscription subscription) {
            require(Capability.TOPICS, source);
            if (subscription.start() == StartPosition.EARLIEST) {
                require(Capability.START_EARLIEST, source);
            }
        }
        if (source.ordering() == Ordering.PER_KEY) {
            require(Capability.PER_KEY_ORDER, source);
        } else if (source.ordering() == Ordering.TOTAL) {
            require(Capability.TOTAL_ORDER, source);
        }
    }

    private void require(Capability capability, Source source) {
        if (!engine.capabilities().has(capability)) {
            throw new MessagingException(
                    ErrorCode.UNSUPPORTED,
                    source + " needs " + capability + ", which this broker does not support; see the adapter's"
                            + " documentation");
        }
    }

    private static @Nullable Queue deadLetterQueue(Source source, DeadLetterPolicy policy) {
        if (policy.isDiscard() || policy.then() == Then.STOP) {
            return null;
        }
        if (policy.queue().isPresent()) {
            return Queue.of(policy.queue().get());
        }
        String name = source.path().replace('/', '-') + "-dead";
        if (!Limits.isName(name)) {
            throw new MessagingException(
                    ErrorCode.INVALID_NAME,
                    "the default dead-letter queue '" + name + "' is longer than " + Limits.MAX_NAME_LENGTH
                            + " characters: name one with DeadLetterPolicy.to(…)");
        }
        return Queue.of(name);
    }
}
