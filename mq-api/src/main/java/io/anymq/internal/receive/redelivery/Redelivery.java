package io.anymq.internal.receive.redelivery;

import io.anymq.Destination;
import io.anymq.Queue;
import io.anymq.Receipt;
import io.anymq.Source;
import io.anymq.Subscription;
import io.anymq.internal.receive.policy.ReturnPath;
import io.anymq.internal.send.EncodedMessage;
import io.anymq.internal.send.Senders;
import io.anymq.internal.send.Sending;
import io.anymq.internal.support.EngineContext;
import io.anymq.spi.Address;
import io.anymq.spi.Capability;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.Support;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Sends a message back to one source, now or later.
 *
 * <p>Where the broker has no delay of its own, lane k of the redelivery address keeps messages for 250 ms · 2^k. Within
 * a lane all wait equally long, so the first in line is always the next one due and nothing has to be sorted. A message
 * goes into the longest lane that is not too long, and on to a shorter one when it comes out, until less than 250 ms
 * are left.
 */
public final class Redelivery implements ReturnPath {
    /** Lanes of an emulated redelivery address: 250 ms to 2 h 16 min. */
    static final int LANES = 16;

    /** Messages due within this time wait in memory. */
    static final long SHORTEST_MILLIS = 250;

    private final EngineContext engine;
    private final Senders senders;
    private final Source source;
    private final Address.Redelivery address;
    private final boolean emulated;
    private final LaneClock clock;

    public Redelivery(EngineContext engine, Senders senders, Source source) {
        this.engine = engine;
        this.senders = senders;
        this.source = source;
        this.address = address(engine.addresses().of(source));
        this.emulated = engine.capabilities().of(Capability.DELAY) == Support.EMULATED;
        this.clock = new LaneClock(engine.time(), engine.random());
    }

    /** The way back to a source. */
    public static Address.Redelivery address(Address.OfSource origin) {
        return new Address.Redelivery(origin, LANES);
    }

    /** Where this one sends. */
    public Address.Redelivery address() {
        return address;
    }

    @Override
    public boolean isPossible() {
        return engine.capabilities().has(Capability.DELAY);
    }

    public boolean isEmulated() {
        return emulated;
    }

    LaneClock clock() {
        return clock;
    }

    @Override
    public CompletableFuture<Receipt> send(InboundMessage message, Map<String, String> headers, long deliverAtMillis) {
        return send(EncodedMessage.of(message, headers), deliverAtMillis);
    }

    /** Sends a message now. */
    CompletableFuture<Receipt> send(EncodedMessage message) {
        return send(message, 0);
    }

    private CompletableFuture<Receipt> send(EncodedMessage message, long deliverAtMillis) {
        int lane = -1;
        Map<String, String> outgoing = message.headers();
        if (emulated) {
            long remaining = Math.max(0, deliverAtMillis - engine.time().currentTimeMillis());
            lane = laneFor(remaining);
            long stay = Math.min(remaining, SHORTEST_MILLIS << lane);
            outgoing = new LinkedHashMap<>(message.headers());
            clock.stamp(outgoing, stay, remaining - stay);
        }
        Sending sending;
        try {
            sending = senders.to(address, destination());
        } catch (Throwable e) {
            // the first one opens the way there, which fails while the broker is away: a failed send like any other
            return CompletableFuture.failedFuture(e);
        }
        return sending.send(message.withHeaders(outgoing).deliveredAt(deliverAtMillis, lane));
    }

    private Destination destination() {
        return source instanceof Queue queue ? queue : ((Subscription) source).topic();
    }

    /** The longest lane in which a message with this much time left does not stay too long. */
    static int laneFor(long remainingMillis) {
        long steps = remainingMillis / SHORTEST_MILLIS;
        return steps <= 1 ? 0 : Math.min(LANES - 1, 63 - Long.numberOfLeadingZeros(steps));
    }
}
