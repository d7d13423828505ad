package io.anymq.jdbc;

import com.zaxxer.hikari.HikariConfig;
import io.anymq.policy.IdempotencyStore;
import io.anymq.tck.store.StoreHarness;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Each instance of the store has a pool of its own, as in another process. */
final class DatabaseHarness implements StoreHarness {
    private final TestDatabase database;
    private final Consumer<HikariConfig> setting;
    private JdbcIdempotencyStore last;

    DatabaseHarness(TestDatabase database, Consumer<HikariConfig> setting) throws Exception {
        this.database = database;
        this.setting = setting;
        database.start();
    }

    @Override
    public String name() {
        return database.name();
    }

    @Override
    public synchronized IdempotencyStore open() {
        HikariConfig config = database.config();
        config.setConnectionTimeout(2_000);
        setting.accept(config);
        last = JdbcIdempotencyStore.builder(database.pool(config))
                .schema(SchemaMode.CREATE)
                .purgeInterval(Duration.ZERO)
                .build();
        return last;
    }

    @Override
    public boolean canBeTakenDown() {
        return true;
    }

    @Override
    public void takeDown() throws Exception {
        database.takeDown();
    }

    @Override
    public void bringBack() throws Exception {
        database.bringBack();
    }

    @Override
    public OptionalLong entries() throws Exception {
        return OptionalLong.of(database.count("anymq_idempotency"));
    }

    @Override
    public void purge() {
        last.purge();
    }

    @Override
    public void close() {
        try {
            database.close();
        } catch (Exception e) {
            throw new IllegalStateException("the database could not be stopped", e);
        }
    }
}
