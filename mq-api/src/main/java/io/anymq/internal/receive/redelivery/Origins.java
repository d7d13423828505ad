package io.anymq.internal.receive.redelivery;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.Queue;
import io.anymq.Receipt;
import io.anymq.Source;
import io.anymq.internal.receive.policy.DeadLetterHeaders;
import io.anymq.internal.send.EncodedMessage;
import io.anymq.internal.send.Senders;
import io.anymq.internal.support.EngineContext;
import io.anymq.spi.Address;
import io.anymq.spi.Capability;
import io.anymq.spi.ProvisionMode;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The places to which a redrive may send. A letter names its own origin, and anyone who may write to the dead-letter
 * queue may name any; so only an origin whose dead letters go there by default counts, or one that the caller has
 * named. None is created.
 */
final class Origins {
    private static final int MAX_WAYS = 10_000;

    private final EngineContext engine;
    private final Senders senders;
    private final Queue deadLetter;
    private final Map<String, Source> named = new HashMap<>();

    /** What was found out about each: a way there, or why there is none. */
    private final Map<String, Way> ways = new HashMap<>();

    private final Map<String, Optional<MessagingException>> problems = new HashMap<>();

    private interface Way {
        CompletableFuture<Receipt> send(EncodedMessage message);
    }

    Origins(EngineContext engine, Senders senders, Queue deadLetter, Collection<Source> named) {
        this.engine = engine;
        this.senders = senders;
        this.deadLetter = deadLetter;
        named.forEach(source -> this.named.put(DeadLetterHeaders.name(source), source));
    }

    /** Checks that a place is there if this client provisions at all. */
    static ProvisionMode creatingNothing(ProvisionMode mode) {
        return mode == ProvisionMode.CREATE ? ProvisionMode.VALIDATE : mode;
    }

    /** Sends a letter back to the origin it names; throws or fails if it must not or cannot. */
    CompletableFuture<Receipt> send(EncodedMessage message, Source origin) {
        String name = DeadLetterHeaders.name(origin);
        Way way = ways.get(name);
        if (way == null) {
            way = allowed(name) ? open(named.getOrDefault(name, origin)) : failing(notAllowed(origin));
            if (ways.size() < MAX_WAYS) {
                ways.put(name, way);
            }
        }
        return way.send(message);
    }

    /** Why nothing can be sent to this origin, found out without sending or creating anything; null if it can. */
    @Nullable
    MessagingException problem(Source origin) {
        String name = DeadLetterHeaders.name(origin);
        Optional<MessagingException> known = problems.get(name);
        if (known == null) {
            known = Optional.ofNullable(allowed(name) ? absence(named.getOrDefault(name, origin)) : notAllowed(origin));
            if (problems.size() < MAX_WAYS) {
                problems.put(name, known);
            }
        }
        return known.orElse(null);
    }

    private @Nullable MessagingException absence(Source origin) {
        try {
            requirePossible(origin);
            return null;
        } catch (MessagingException e) {
            return e;
        }
    }

    private Address.OfSource requirePossible(Source origin) {
        Address.OfSource address = engine.addresses().of(origin);
        engine.connection().provision(address, creatingNothing(engine.provisionMode()));
        if (!(origin instanceof Queue) && !engine.capabilities().has(Capability.DELAY)) {
            throw new MessagingException(
                    ErrorCode.UNSUPPORTED,
                    "this broker cannot redeliver to " + origin + " alone; send the message again yourself");
        }
        return address;
    }

    private boolean allowed(String name) {
        return named.containsKey(name) || (named.isEmpty() && isDefault(name));
    }

    private boolean isDefault(String name) {
        return deadLetter.name().equals(name.substring(name.indexOf(':') + 1).replace('/', '-') + "-dead");
    }

    private MessagingException notAllowed(Source origin) {
        return new MessagingException(
                ErrorCode.INVALID_MESSAGE,
                "the letter names " + origin + " as its origin, whose dead letters do not go to " + deadLetter
                        + " by default; name it with RedriveOptions.Builder.origins if they do");
    }

    private static Way failing(MessagingException error) {
        return message -> CompletableFuture.failedFuture(error);
    }

    private Way open(Source origin) {
        try {
            Address.OfSource address = requirePossible(origin);
            if (origin instanceof Queue queue) {
                senders.to(address, queue);
                return message -> senders.to(address, queue).send(message);
            }
            Redelivery redelivery = new Redelivery(engine, senders, origin);
            // the way back belongs to the subscription, which is there
            engine.connection().provision(redelivery.address(), engine.provisionMode());
            return redelivery::send;
        } catch (MessagingException e) {
            return failing(e);
        }
    }
}
