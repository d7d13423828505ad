package io.anymq.internal.send;

import io.anymq.Codec;
import io.anymq.Destination;
import io.anymq.ErrorCode;
import io.anymq.Message;
import io.anymq.MessagingException;
import io.anymq.Producer;
import io.anymq.ProducerOptions;
import io.anymq.Receipt;
import io.anymq.SendException;
import io.anymq.SendResult;
import io.anymq.internal.support.Codecs;
import io.anymq.internal.support.EngineContext;
import io.anymq.internal.support.Failures;
import io.anymq.internal.support.Futures;
import io.anymq.internal.support.IdGenerator;
import io.anymq.internal.support.WarningLog;
import io.anymq.policy.Ordering;
import io.anymq.spi.Capability;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** The send path: intercept → validate → encode → {@link Sending}. */
public final class DefaultProducer<T> implements Producer<T> {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

    private final EngineContext engine;
    private final Destination destination;
    private final Sending sending;
    private final @Nullable Codec codec;
    private final Type type;
    private final int maxBodyBytes;
    private final IdGenerator ids;
    private final WarningLog warnings;
    private final Runnable onClose;

    /** {@code codec} null means: by the class of each body. */
    public DefaultProducer(
            EngineContext engine,
            Destination destination,
            Sending sending,
            @Nullable Codec codec,
            Type type,
            ProducerOptions options,
            Runnable onClose) {
        this.engine = engine;
        this.destination = destination;
        this.sending = sending;
        this.codec = codec;
        this.type = type;
        this.maxBodyBytes =
                Math.min(options.maxBodyBytes(), engine.capabilities().maxBodyBytes());
        this.ids = new IdGenerator(engine.random());
        this.warnings = InterceptedSend.warnings(engine.time());
        this.onClose = onClose;
    }

    @Override
    public CompletableFuture<Receipt> send(T body) {
        Message<T> message;
        try {
            message = Message.of(body);
        } catch (MessagingException e) {
            return sending.refuse(ids.next(), null, e);
        }
        return sendMessage(message);
    }

    @Override
    @SuppressWarnings("unchecked") // a message is only read
    public CompletableFuture<Receipt> send(Message<? extends T> message) {
        if (message == null) {
            return sending.refuse(
                    ids.next(),
                    null,
                    new MessagingException(ErrorCode.INVALID_MESSAGE, "the message must not be null"));
        }
        return sendMessage((Message<T>) message);
    }

    private CompletableFuture<Receipt> sendMessage(Message<T> message) {
        return engine.interceptors().isEmpty() ? sendAsItIs(message) : intercept(message);
    }

    /** What is thrown on the way to the adapter, by a codec's own description of itself or for lack of memory. */
    private static MessagingException typed(Throwable failure) {
        return failure instanceof MessagingException said
                ? said
                : new MessagingException(
                        ErrorCode.ENCODING,
                        "the message could not be prepared for its codec: " + Failures.text(failure),
                        false,
                        failure);
    }

    /** Sends past the interceptors: a handler's outputs passed them when they were published. */
    public CompletableFuture<Receipt> sendAsItIs(Message<T> message) {
        String id = message.id() == null ? ids.next() : message.id();
        EncodedMessage encoded;
        try {
            encoded = encoded(id, message);
        } catch (Throwable e) {
            return sending.refuse(id, message.key(), typed(e));
        }
        return sending.send(encoded);
    }

    private CompletableFuture<Receipt> intercept(Message<T> message) {
        String id = message.id() == null ? ids.next() : message.id();
        List<CompletableFuture<Receipt>> sent = new ArrayList<>(1);
        InterceptedSend<T> intercepted = new InterceptedSend<>(
                engine.interceptors(),
                warnings,
                destination,
                null,
                changed -> sent.add(sendAsItIs(changed.id() == null ? changed.withId(id) : changed)));
        MessagingException refusal = intercepted.run(message.withId(id));
        CompletableFuture<Receipt> outcome = refusal == null ? sent.get(0) : sending.refuse(id, message.key(), refusal);
        CompletableFuture<Receipt> result = new CompletableFuture<>();
        Futures.onOutcome(outcome, (receipt, failure) -> {
            intercepted.ended(receipt, failure);
            if (failure == null) {
                result.complete(receipt);
            } else {
                result.completeExceptionally(failure);
            }
        });
        return result;
    }

    /**
     * Prepares what {@link #sendAsItIs} would send, for a transaction of the adapter; throws if it would be refused.
     */
    public EncodedMessage prepare(Message<T> message) {
        return encoded(message.id() == null ? ids.next() : message.id(), message);
    }

    private EncodedMessage encoded(String id, Message<T> outgoing) {
        validate(outgoing);
        Type bodyType = codec == null ? outgoing.body().getClass() : type;
        String asked = outgoing.contentType();
        Codec encoder = asked != null
                ? engine.codecs().forSending(asked, bodyType)
                : codec == null ? engine.codecs().forType(bodyType) : codec;
        String contentType = Objects.requireNonNull(
                asked == null ? encoder.contentType() : asked, "the codec's contentType() returned null");
        byte[] body = requireSize(Codecs.encode(encoder, destination, bodyType, contentType, outgoing));
        long now = engine.time().currentTimeMillis();
        Duration delay = outgoing.delay();
        return new EncodedMessage(
                id,
                outgoing.key(),
                body,
                contentType,
                outgoing.headers(),
                now,
                delay == null ? 0 : now + delay.toMillis(),
                -1);
    }

    private void validate(Message<T> message) {
        if (message.delay() != null) {
            if (!engine.capabilities().has(Capability.DELAY)) {
                throw new MessagingException(
                        ErrorCode.UNSUPPORTED,
                        "this broker does not support delayed"
                                + " messages; send without a delay or choose another broker");
            }
            if (message.key() != null || destination.ordering() == Ordering.TOTAL) {
                throw new MessagingException(
                        ErrorCode.INVALID_MESSAGE,
                        "a delayed message cannot keep its order; send it without a key to a destination"
                                + " without total order, or without the delay");
            }
        }
    }

    private byte[] requireSize(byte[] bytes) {
        if (bytes.length > maxBodyBytes) {
            throw new MessagingException(
                    ErrorCode.TOO_LARGE,
                    "the body must not exceed " + maxBodyBytes + " bytes, but has " + bytes.length
                            + "; send a reference instead of the data, or raise anymq.producer.max-body");
        }
        return bytes;
    }

    @Override
    public CompletableFuture<List<SendResult>> sendBatch(List<? extends Message<? extends T>> messages) {
        List<Message<? extends T>> all;
        try {
            all = new ArrayList<>(messages);
        } catch (Throwable e) {
            return CompletableFuture.failedFuture(new MessagingException(
                    ErrorCode.INVALID_MESSAGE,
                    "the list of messages must be readable and not null, but reading it failed: " + Failures.text(e),
                    false,
                    e));
        }
        List<CompletableFuture<SendResult>> results = new ArrayList<>(all.size());
        for (Message<? extends T> message : all) {
            results.add(send(message).handle((receipt, failure) -> result(receipt, failure)));
        }
        return CompletableFuture.allOf(results.toArray(CompletableFuture<?>[]::new))
                .thenApply(done -> results.stream().map(CompletableFuture::join).toList());
    }

    private static SendResult result(@Nullable Receipt receipt, @Nullable Throwable failure) {
        if (receipt != null) {
            return new SendResult.Confirmed(receipt);
        }
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof SendException send) {
            return new SendResult.Failed(send);
        }
        throw new IllegalStateException("a send ended with neither a receipt nor a SendException", cause);
    }

    @Override
    public CompletableFuture<Void> flush() {
        return sending.flush();
    }

    @Override
    public Set<String> blockedKeys() {
        return sending.guard().blockedKeys();
    }

    @Override
    public void resumeKey(String key) {
        sending.guard().resume(key);
    }

    @Override
    public void resume() {
        sending.guard().resume();
    }

    @Override
    public int inFlight() {
        return sending.inFlight();
    }

    @Override
    public Destination destination() {
        return destination;
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        return sending.unwrap(type);
    }

    @Override
    public void close() {
        close(CLOSE_TIMEOUT);
    }

    @Override
    public void close(Duration timeout) {
        sending.close(timeout);
        onClose.run();
    }
}
