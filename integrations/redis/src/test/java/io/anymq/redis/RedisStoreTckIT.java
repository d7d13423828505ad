package io.anymq.redis;

import io.anymq.policy.IdempotencyStore;
import io.anymq.tck.store.IdempotencyStoreTck;
import io.anymq.tck.store.StoreHarness;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

@Tag("redis")
class RedisStoreTckIT extends IdempotencyStoreTck {
    @TempDir
    static Path folder;

    @Override
    protected StoreHarness harness() throws Exception {
        RedisServer server = new RedisServer(folder);
        server.start();
        return new StoreHarness() {
            @Override
            public String name() {
                return "redis";
            }

            @Override
            public IdempotencyStore open() {
                return RedisIdempotencyStore.with(server.client());
            }

            @Override
            public boolean canBeTakenDown() {
                return true;
            }

            @Override
            public void takeDown() throws Exception {
                server.stop();
            }

            @Override
            public void bringBack() throws Exception {
                server.start();
            }

            /** Those that were not removed yet. */
            @Override
            public OptionalLong entries() {
                try (Jedis admin = server.admin()) {
                    return OptionalLong.of(admin.dbSize());
                }
            }

            @Override
            public void close() {
                try {
                    server.close();
                } catch (Exception e) {
                    throw new IllegalStateException("Redis could not be stopped", e);
                }
            }
        };
    }
}
