package io.anymq.postgresql;

/** What senders and receivers of one connection share. */
record PostgresClient(
        PostgresConfig config,
        Places places,
        ConnectionPool sending,
        ConnectionPool receiving,
        Wakes wakes,
        LeaseKeeper leases,
        Leftovers leftovers) {}
