package io.anymq.internal.send;

import io.anymq.Delivery;
import io.anymq.Destination;
import io.anymq.ErrorCode;
import io.anymq.Interceptor;
import io.anymq.Message;
import io.anymq.MessagingException;
import io.anymq.Receipt;
import io.anymq.TimeSource;
import io.anymq.internal.support.Failures;
import io.anymq.internal.support.WarningLog;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One message on its way out through the interceptors. Used by one thread until it is sent; {@link #ended} may be
 * called by another. An interceptor sees the outcome but cannot change it, because the outcome is the broker's.
 */
public final class InterceptedSend<T> implements Interceptor.SendContext {
    private static final Logger log = LoggerFactory.getLogger(InterceptedSend.class);

    private final List<Interceptor> interceptors;
    private final WarningLog warnings;
    private final Destination destination;
    private final @Nullable Delivery<?> delivery;
    private final Consumer<Message<T>> target;
    private final List<CompletableFuture<Receipt>> stages = new java.util.ArrayList<>();
    private @Nullable MessagingException refusal;

    /** What a producer or consumer warns of; shared by all its messages. */
    public static WarningLog warnings(TimeSource time) {
        return new WarningLog(log, time, "failures of interceptors after passing a message on");
    }

    /** {@code target} takes the message of the innermost interceptor; it may refuse it with an exception. */
    public InterceptedSend(
            List<Interceptor> interceptors,
            WarningLog warnings,
            Destination destination,
            @Nullable Delivery<?> delivery,
            Consumer<Message<T>> target) {
        this.interceptors = interceptors;
        this.warnings = warnings;
        this.destination = destination;
        this.delivery = delivery;
        this.target = target;
    }

    @Override
    public Destination destination() {
        return destination;
    }

    @Override
    public Optional<Delivery<?>> delivery() {
        return Optional.ofNullable(delivery);
    }

    /** Sends through all interceptors; returns what refused the message, or null. */
    public @Nullable MessagingException run(Message<T> message) {
        proceed(0, message);
        return refusal;
    }

    /** Tells the outcome, to the innermost interceptor first. One of the two is null. */
    public void ended(@Nullable Receipt receipt, @Nullable Throwable failure) {
        for (int i = stages.size() - 1; i >= 0; i--) {
            if (failure != null) {
                stages.get(i).completeExceptionally(failure);
            } else {
                stages.get(i).complete(receipt);
            }
        }
    }

    /** The broker has taken the message in a transaction of the adapter's. */
    public void committed(String id) {
        ended(new BrokerReceipt(id, destination, null), null);
    }

    private void proceed(int level, Message<T> message) {
        if (level == interceptors.size()) {
            try {
                target.accept(message);
            } catch (MessagingException e) {
                refusal = e;
            }
            return;
        }
        Interceptor interceptor = interceptors.get(level);
        String name = interceptor.getClass().getName();
        Link link = new Link(level, name);
        try {
            interceptor.aroundSend(this, message, link);
        } catch (Throwable e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            if (link.used) {
                warnings.warn(
                        "Interceptor {} failed after passing a message on; the message is sent nevertheless",
                        name,
                        Failures.printable(e));
            } else {
                refusal = e instanceof MessagingException said
                        ? said
                        : new MessagingException(
                                ErrorCode.INVALID_MESSAGE,
                                "interceptor " + name + " refused the message: " + Failures.text(e),
                                false,
                                e);
            }
            return;
        } finally {
            link.over = true;
        }
        if (!link.used) {
            refusal = new MessagingException(
                    ErrorCode.INVALID_MESSAGE,
                    "interceptor " + name + " returned without calling next.send; call it exactly once, or throw an"
                            + " exception that says why the message is refused");
        }
    }

    private final class Link implements Interceptor.SendChain<T> {
        private final int level;
        private final String name;
        private boolean used;
        private volatile boolean over;

        Link(int level, String name) {
            this.level = level;
            this.name = name;
        }

        @Override
        public CompletionStage<Receipt> send(Message<T> message) {
            if (message == null) {
                throw new MessagingException(
                        ErrorCode.INVALID_MESSAGE,
                        "interceptor " + name
                                + " passed null to next.send; pass the message, or throw an exception that"
                                + " says why it is refused");
            }
            if (used || over) {
                throw new IllegalStateException(
                        "interceptor " + name + " called next.send " + (used ? "twice" : "after it had returned")
                                + "; call it exactly once, before aroundSend returns");
            }
            used = true;
            CompletableFuture<Receipt> stage = new CompletableFuture<>();
            stages.add(stage);
            proceed(level + 1, message);
            return stage;
        }
    }
}
