package io.anymq.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.anymq.Consumer;
import io.anymq.ErrorCode;
import io.anymq.Health;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.MessagingException;
import io.anymq.Queue;
import io.anymq.policy.IdempotencyPolicy;
import io.anymq.policy.IdempotencyStore.Claim;
import io.anymq.tck.net.Direction;
import io.anymq.tck.net.TcpProxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClient;

/** What the store does beyond the kit's rules: its errors, and outages. */
@Tag("redis")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedisStoreIT {
    private static final Duration LONG = Duration.ofHours(1);

    @TempDir
    static Path folder;

    private RedisServer server;

    @BeforeAll
    void start() throws Exception {
        server = new RedisServer(folder);
        server.start();
    }

    @BeforeEach
    void clear() {
        try (Jedis admin = server.admin()) {
            admin.flushAll();
        }
    }

    @AfterAll
    void stop() throws Exception {
        server.close();
    }

    private static MessagingException failure(RedisIdempotencyStore store) {
        return catchThrowableOfType(MessagingException.class, () -> store.claim("payments", "k", 1, LONG));
    }

    private static long granted(RedisIdempotencyStore store, String key) {
        Claim claim = store.claim("payments", key, 1, LONG);
        assertThat(claim).isInstanceOf(Claim.Granted.class);
        return ((Claim.Granted) claim).token();
    }

    private static void await(Callable<Boolean> condition) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(condition);
    }

    @Test
    void peopleCanReadTheKeysAndEachOfThemEnds() {
        RedisIdempotencyStore store = RedisIdempotencyStore.builder(server.client())
                .keyPrefix("shop:")
                .build();
        store.complete("payments", "order-4711", granted(store, "order-4711"), LONG);
        granted(store, "order-4712");
        try (Jedis admin = server.admin()) {
            assertThat(admin.keys("*"))
                    .containsExactlyInAnyOrder("shop:8:payments:order-4711", "shop:8:payments:order-4712");
            assertThat(admin.pttl("shop:8:payments:order-4711")).isBetween(3_500_000L, 3_600_001L);
            assertThat(admin.pttl("shop:8:payments:order-4712"))
                    .as("its late holder is known for another hour")
                    .isBetween(7_100_000L, 7_200_000L);
        }
    }

    @Test
    void tokensGrow() {
        RedisIdempotencyStore store = RedisIdempotencyStore.with(server.client());
        long last = 0;
        for (int i = 0; i < 12; i++) {
            long token = granted(store, "k");
            assertThat(token).isGreaterThan(last);
            last = token;
            if (i % 2 == 0) {
                store.release("payments", "k", token);
            } else {
                store.forget("payments", "k");
            }
        }
    }

    @Test
    void aFullRedisIsTold() {
        RedisIdempotencyStore store = RedisIdempotencyStore.with(server.client());
        try (Jedis admin = server.admin()) {
            admin.configSet("maxmemory", "1");
            try {
                MessagingException full = failure(store);
                assertThat(full.code()).isEqualTo(ErrorCode.FULL);
                assertThat(full).hasMessageContaining("memory or disk");
            } finally {
                admin.configSet("maxmemory", "0");
            }
        }
        granted(store, "k");
    }

    @Test
    void aReplicaIsTold() {
        RedisIdempotencyStore store = RedisIdempotencyStore.with(server.client());
        try (Jedis admin = server.admin()) {
            // a replica of a server that is not there
            admin.replicaof("127.0.0.1", 1);
            try {
                MessagingException refused = failure(store);
                assertThat(refused.code()).isEqualTo(ErrorCode.UNAVAILABLE);
                assertThat(refused).hasMessageContaining("primary");
            } finally {
                admin.replicaofNoOne();
            }
        }
        granted(store, "k");
    }

    @Test
    void aWrongPasswordAndAMissingRightAreTold() {
        try (Jedis admin = server.admin()) {
            admin.aclSetUser("reader", "on", ">r", "~*", "+@connection");
        }
        RedisIdempotencyStore stranger = RedisIdempotencyStore.with(server.client(DefaultJedisClientConfig.builder()
                .user("reader")
                .password("topsecret")
                .build()));
        MessagingException refused = failure(stranger);
        assertThat(refused.code()).isEqualTo(ErrorCode.AUTHENTICATION);
        assertThat(refused.toString()).doesNotContain("topsecret");
        RedisIdempotencyStore reader = RedisIdempotencyStore.with(server.client(
                DefaultJedisClientConfig.builder().user("reader").password("r").build()));
        assertThat(failure(reader).code()).isEqualTo(ErrorCode.AUTHORIZATION);
    }

    @Test
    void aClaimWhoseAnswerIsLostIsRecognizedByTheStoreThatMadeIt() throws Exception {
        try (TcpProxy proxy = TcpProxy.open()) {
            proxy.forwardTo("127.0.0.1:" + server.port());
            String address = proxy.address();
            try (RedisClient client = RedisClient.builder()
                    .hostAndPort("127.0.0.1", Integer.parseInt(address.substring(address.indexOf(':') + 1)))
                    .clientConfig(DefaultJedisClientConfig.builder()
                            .socketTimeoutMillis(500)
                            .connectionTimeoutMillis(500)
                            .build())
                    .build()) {
                RedisIdempotencyStore store = RedisIdempotencyStore.with(client);
                RedisIdempotencyStore other = RedisIdempotencyStore.with(server.client());
                granted(store, "before");
                proxy.discard(Direction.TO_CLIENT);
                MessagingException silent = failure(store);
                assertThat(silent.code()).isIn(ErrorCode.TIMEOUT, ErrorCode.UNAVAILABLE);
                assertThat(other.claim("payments", "k", 1, LONG)).isInstanceOf(Claim.Busy.class);
                proxy.restore();
                Claim[] claim = new Claim[1];
                await(() -> {
                    try {
                        claim[0] = store.claim("payments", "k", 1, LONG);
                        return true;
                    } catch (MessagingException stillDown) {
                        return false;
                    }
                });
                assertThat(claim[0]).isInstanceOf(Claim.Granted.class);
                assertThat(store.claim("payments", "k", 1, LONG)).as("once").isInstanceOf(Claim.Busy.class);
            }
        }
    }

    @Test
    void outagesLoseNothingAndRepeatNothing() throws Exception {
        RedisIdempotencyStore store = RedisIdempotencyStore.with(server.client());
        Queue queue = Queue.of("payments").unordered();
        Map<String, Integer> handled = new ConcurrentHashMap<>();
        // so that each outage finds handlers at work
        Semaphore permits = new Semaphore(20);
        try (MessagingClient client = MessagingClient.connect("inmemory:")) {
            for (int i = 0; i < 200; i++) {
                client.producer(queue, String.class)
                        .send(Message.of("body " + i % 100).withId("m" + i % 100))
                        .join();
            }
            Consumer consumer = client.consumer(queue, String.class)
                    .concurrency(4)
                    .idempotency(IdempotencyPolicy.builder(store)
                            .lease(Duration.ofSeconds(30))
                            .build())
                    .start(delivery -> {
                        permits.acquire();
                        handled.merge(delivery.id(), 1, Integer::sum);
                    });
            for (int outage = 1; outage <= 3; outage++) {
                int enough = outage * 20;
                await(() -> handled.size() >= enough);
                server.stop();
                permits.release(outage < 3 ? 20 : 100);
                await(() -> consumer.health().status() == Health.Status.DEGRADED);
                server.start();
            }
            await(() -> handled.size() == 100 && consumer.inFlight() == 0);
            await(() -> consumer.health().status() == Health.Status.UP);
        }
        assertThat(handled).hasSize(100).values().containsOnly(1);
    }
}
