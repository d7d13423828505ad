package io.anymq.postgresql;

import io.anymq.spi.Address;
import io.anymq.spi.Chain;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.Lane;
import io.anymq.spi.LaneListener;
import io.anymq.spi.PausableReceiver;
import io.anymq.spi.ReceiverOptions;
import io.anymq.spi.TransactionalReceiver;
import io.anymq.spi.support.Deadline;
import io.anymq.spi.support.Inbox;
import io.anymq.spi.support.Uninterrupted;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Receives from one source. It has no connection of its own: while it waits it holds none, and looks at the table when it
 * is woken, when it has settled, when a delayed message is due, and once in a poll interval.
 */
final class PostgresReceiver implements PausableReceiver, TransactionalReceiver, Wakes.Doorbell {
    /** How long settlements wait for one another. */
    private static final Duration SETTLE = Duration.ofMillis(2);

    private static final long ENOUGH_ROWS_AT_FIRST = 16;

    private final PostgresClient client;
    private final Address address;
    private final Place place;
    private final Membership membership;
    private final Attempts attempts;
    private final Supply supply;
    private final DelayedMessages delayed;
    private final ChainCommitter chains;
    private final LeaseKeeper.Lease lease;
    private final long pollNanos;
    private final long bytesAtOnce;
    private final Inbox<String> inbox = new Inbox<>(SETTLE);
    private double averageSize;
    private boolean read;
    private boolean announced = true;
    private long nextLook = System.nanoTime();
    private boolean closed;

    private PostgresReceiver(
            PostgresClient client,
            Address address,
            Place place,
            Membership membership,
            ReceiverOptions options,
            LaneListener listener) {
        this.client = client;
        this.address = address;
        this.place = place;
        this.membership = membership;
        this.attempts = new Attempts(place.source(), membership.id());
        this.supply = place.isOrdered()
                ? new LeasedLanes(
                        place, options.name(), membership, client.receiving(), attempts, listener, client.wakes())
                : new ClaimedMessages(place, options.name(), membership, attempts);
        this.delayed = new DelayedMessages(place);
        this.chains = new ChainCommitter(client, address, supply);
        this.lease = client.leases().keep(membership.id(), this);
        this.pollNanos = client.config().pollInterval().toNanos();
        this.bytesAtOnce = Math.max(1, options.maxInFlightBytes() / 4);
    }

    static PostgresReceiver open(
            PostgresClient client, Address address, ReceiverOptions options, LaneListener listener) {
        Deadline deadline = Deadline.after(client.config().operationTimeout());
        try {
            client.leftovers().release();
            Place place = client.receiving()
                    .use(deadline, connection -> client.places().find(connection, address));
            Membership membership = Membership.join(
                    client.config(), client.receiving(), place, client.wakes(), options.maxInFlight(), deadline);
            PostgresReceiver receiver = new PostgresReceiver(client, address, place, membership, options, listener);
            client.wakes().add(place.destination(), receiver);
            client.wakes().membersChanged(place.destination());
            return receiver;
        } catch (SQLException e) {
            throw PostgresTranslator.error("opening a receiver of " + address, e);
        }
    }

    @Override
    public List<? extends InboundMessage> receive(int max, Duration wait) {
        long end = System.nanoTime() + wait.toNanos();
        try {
            keepUp();
            if (max == 0) {
                return List.of();
            }
            List<PostgresMessage> messages = take(max);
            if (messages.isEmpty()) {
                inbox.await(Math.min(end - System.nanoTime(), nanosUntilNext()));
                keepUp();
                messages = take(max);
            }
            inbox.looked(!messages.isEmpty());
            return messages;
        } catch (SQLException e) {
            throw PostgresTranslator.error("receiving from " + address, e);
        }
    }

    private void keepUp() throws SQLException {
        if (lease.isLost()) {
            throw Membership.lost();
        }
        hear();
        List<PostgresMessage> running = attempts.due();
        if (!running.isEmpty()) {
            client.receiving().use(membership.deadline(), connection -> {
                attempts.write(connection, running);
                return true;
            });
        }
        if (System.nanoTime() - nextLook >= 0) {
            nextLook = System.nanoTime() + pollNanos;
            supply.look();
            delayed.lookAgain();
            announced = true;
        }
        if (delayed.isDue()) {
            announced |= client.receiving().use(membership.deadline(), delayed::move);
        }
    }

    private void hear() {
        for (String reason = inbox.poll(); reason != null; reason = inbox.poll()) {
            switch (reason) {
                case Wakes.MEMBERS -> nextLook = System.nanoTime();
                case Wakes.DELAYED -> {
                    delayed.lookAgain();
                    announced = true;
                }
                default -> announced = true;
            }
        }
    }

    private long nanosUntilNext() {
        long now = System.nanoTime();
        return Math.max(0, Math.min(nextLook - now, delayed.nanosUntilDue(now)));
    }

    private List<PostgresMessage> take(int max) throws SQLException {
        if (!announced && !supply.mayHaveMore()) {
            return List.of();
        }
        announced = false;
        int most = (int) Math.max(1, Math.min(max, rowsAtOnce()));
        List<PostgresMessage> messages =
                client.receiving().use(membership.deadline(), connection -> supply.take(connection, most));
        for (PostgresMessage message : messages) {
            averageSize = averageSize == 0 ? message.size() : averageSize * 0.9 + message.size() * 0.1;
            averageSize = Math.max(averageSize, message.size() / 4.0);
        }
        read |= !messages.isEmpty();
        return messages;
    }

    /** Bodies of a size not seen before must not fill the memory. */
    private long rowsAtOnce() {
        return read ? (long) (bytesAtOnce / Math.max(1, averageSize)) : ENOUGH_ROWS_AT_FIRST;
    }

    @Override
    public void acknowledge(List<? extends InboundMessage> messages) {
        List<PostgresMessage> done = new ArrayList<>(messages.size());
        for (InboundMessage message : messages) {
            PostgresMessage own = (PostgresMessage) message;
            if (own.owner().owned) {
                done.add(own);
            }
        }
        if (done.isEmpty()) {
            return;
        }
        inbox.busy();
        try {
            client.receiving().use(membership.deadline(), connection -> {
                supply.settle(connection, done);
                return true;
            });
            supply.settled(done);
        } catch (SQLException e) {
            throw PostgresTranslator.error("acknowledging to " + address, e);
        }
    }

    @Override
    public void commit(List<? extends Chain> committed) {
        inbox.busy();
        chains.commit(committed, membership.deadline());
    }

    @Override
    public void pause(Lane lane) {
        supply.pause(lane, true);
    }

    @Override
    public void resume(Lane lane) {
        supply.pause(lane, false);
    }

    @Override
    public void wakeup() {
        inbox.wakeup();
    }

    @Override
    public void ring(String reason) {
        inbox.add(reason);
    }

    @Override
    public void close(Duration timeout) {
        if (closed) {
            return;
        }
        closed = true;
        client.wakes().remove(place.destination(), this);
        client.leases().drop(membership.id());
        Leftovers.Leaving leaving =
                new Leftovers.Leaving(place, membership.id(), attempts, Attempts.wrong(supply.out()), supply);
        Uninterrupted.run(() -> client.leftovers().leave(leaving, Deadline.after(timeout)));
    }
}
