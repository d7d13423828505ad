package io.anymq.simulation.world;

import io.anymq.TimeSource;
import io.anymq.history.Event;
import io.anymq.simulation.plan.Operation.Breakage;
import io.anymq.spi.Address;
import io.anymq.spi.OutboundMessage;
import io.anymq.spi.WireHeaders;
import io.anymq.tck.wrap.ForwardingOutbound;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A send whose confirm is written down before the engine hears of it, if it does. */
final class WatchedSend extends ForwardingOutbound {
    private final Address address;
    private final String client;
    private final TimeSource time;
    private final Faults faults;
    private final Notes notes;
    private final Set<String> forwarded;

    WatchedSend(
            OutboundMessage message,
            Address address,
            String client,
            TimeSource time,
            Faults faults,
            Notes notes,
            Set<String> forwarded) {
        super(message);
        this.address = address;
        this.client = client;
        this.time = time;
        this.faults = faults;
        this.notes = notes;
        this.forwarded = forwarded;
    }

    @Override
    public void confirmed(@Nullable Object nativeReceipt) {
        if (faults.strikes(Breakage.LOST_CONFIRMS)) {
            notes.lost(headers().get(WireHeaders.DEAD_SOURCE), id());
            if (address instanceof Address.Redelivery) {
                notes.forwardLost(client, id());
            }
            if (faults.pick(2) == 0) {
                unknown(Faults.error());
            }
        } else if (faults.is(Breakage.SLOW_CONFIRMS)) {
            time.schedule(() -> passOn(nativeReceipt), Duration.ofMillis(faults.pick(50)));
        } else {
            passOn(nativeReceipt);
        }
    }

    private void passOn(@Nullable Object nativeReceipt) {
        writeDown();
        super.confirmed(nativeReceipt);
    }

    private void writeDown() {
        String reason = headers().get(WireHeaders.DEAD_REASON);
        String source = headers().get(WireHeaders.DEAD_SOURCE);
        String attempts = headers().get(WireHeaders.DEAD_ATTEMPTS);
        if (reason != null && source != null && attempts != null) {
            String path = source.substring(source.indexOf(':') + 1);
            notes.write(new Event.DeadLettered(path, client, id(), Integer.parseInt(attempts), reason));
        } else if (address instanceof Address.Redelivery) {
            forwarded.add(id());
        } else if (address instanceof Address.OfQueue queue
                && queue.queue().name().equals(Names.OUTPUT)) {
            notes.write(new Event.OutputConfirmed(
                    Names.sourceOfOutput(id()), client, Names.inputOfOutput(id()), Names.OUTPUT, id()));
        }
    }
}
