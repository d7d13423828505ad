package io.anymq.postgresql;

import io.anymq.MessagingException;
import io.anymq.spi.Address;
import io.anymq.spi.Chain;
import io.anymq.spi.WireMessage;
import io.anymq.spi.support.Deadline;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Stores outputs and deletes their inputs in one transaction. Used by the receiver's thread. */
final class ChainCommitter {
    private final PostgresClient client;
    private final Address source;
    private final Supply supply;
    private final Insert insert = new Insert();
    private final Map<Address, Place> known = new HashMap<>();

    ChainCommitter(PostgresClient client, Address source, Supply supply) {
        this.client = client;
        this.source = source;
        this.supply = supply;
    }

    /** All in one transaction; if the server refuses that, each in one of its own, so that a bad one spoils no other. */
    void commit(List<? extends Chain> chains, Deadline deadline) {
        MessagingException refusal = tryCommit(chains, deadline);
        if (refusal == null) {
            return;
        }
        if (chains.size() == 1) {
            chains.get(0).failed(refusal);
            return;
        }
        for (Chain chain : chains) {
            MessagingException own = tryCommit(List.of(chain), deadline);
            if (own != null) {
                chain.failed(own);
            }
        }
    }

    /** Null if it was committed; otherwise why the server has refused it. */
    private @Nullable MessagingException tryCommit(List<? extends Chain> chains, Deadline deadline) {
        List<PostgresMessage> inputs = new ArrayList<>();
        for (Chain chain : chains) {
            inputs.add((PostgresMessage) chain.input());
        }
        @Nullable MessagingException[] refusal = new @Nullable MessagingException[1];
        Set<Integer> destinations = new LinkedHashSet<>();
        try {
            client.receiving().inTransaction(deadline, connection -> {
                try {
                    store(connection, chains, destinations);
                } catch (MessagingException e) {
                    refusal[0] = e;
                    throw e;
                }
                supply.settle(connection, inputs);
                return true;
            });
        } catch (MessagingException e) {
            if (refusal[0] == null) {
                throw e;
            }
            known.clear();
            return e;
        } catch (SQLException e) {
            MessagingException error = PostgresTranslator.error("committing outputs of " + source, e);
            if (PostgresTranslator.isRefused(e)) {
                return error;
            }
            throw new MessagingException(error.code(), String.valueOf(error.getMessage()), true, e);
        }
        supply.settled(inputs);
        chains.forEach(Chain::committed);
        destinations.forEach(destination -> client.wakes().stored(destination, true));
        return null;
    }

    /** In the order of their destinations' ids, so that two transactions do not wait for each other. */
    private void store(Connection connection, List<? extends Chain> chains, Set<Integer> destinations)
            throws SQLException {
        Map<Place, List<WireMessage>> byPlace = new LinkedHashMap<>();
        for (Chain chain : chains) {
            for (Chain.Output output : chain.outputs()) {
                MessagingException problem =
                        Insert.problem(output.message(), client.config().maxBodyBytes());
                if (problem != null) {
                    throw problem;
                }
                byPlace.computeIfAbsent(place(connection, output.address()), none -> new ArrayList<>())
                        .add(output.message());
            }
        }
        List<Map.Entry<Place, List<WireMessage>>> sorted = new ArrayList<>(byPlace.entrySet());
        sorted.sort((one, other) ->
                Integer.compare(one.getKey().destination(), other.getKey().destination()));
        for (Map.Entry<Place, List<WireMessage>> each : sorted) {
            insert.into(each.getKey(), each.getValue(), connection);
            destinations.add(each.getKey().destination());
        }
    }

    private Place place(Connection connection, Address address) throws SQLException {
        Place place = known.get(address);
        if (place == null) {
            place = client.places().find(connection, address);
            known.put(address, place);
        }
        return place;
    }
}
