package io.anymq.redis;

import io.anymq.API;
import io.anymq.MessagingException;
import io.anymq.policy.IdempotencyStore;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Remembers in Redis 6 or newer, shared by all processes that use it. Thread-safe; starts no thread. The client, with its
 * pool, time-outs, TLS and user, is the application's and stays open; set a bound to how long its pool waits.
 *
 * <pre>{@code
 * RedisClient redis = RedisClient.create("localhost", 6379);
 * IdempotencyStore store = RedisIdempotencyStore.with(redis);
 * client.consumer(payments, Payment.class).idempotency(IdempotencyPolicy.with(store)).start(…);
 * }</pre>
 *
 * <p>Each call is one script on one key. Leases, retentions and tokens follow the server's clock alone, a token is greater
 * than every earlier one of its key (a fencing token), and Redis itself removes what has expired. A claim whose answer was
 * lost is recognized when this store is asked again.
 *
 * <p>It remembers as long as Redis does: with {@code appendfsync everysec}, Redis's default once its log is on, a crash
 * loses the last second, and so does a fail-over to a replica that lags; without a log, a restart loses all. What is lost
 * is handled again. {@code maxmemory-policy} must be {@code noeviction}, or Redis forgets marks when it is full.
 *
 * <p>Every failure is a {@link MessagingException} that says what to do and has the client's exception as its cause.
 */
@API(API.Status.EXPERIMENTAL)
public final class RedisIdempotencyStore implements IdempotencyStore {
    private static final Script CLAIM = new Script("claim.lua");
    private static final Script CHANGE = new Script("change.lua");
    private static final Script FORGET = new Script("forget.lua");

    /** How long a claim is kept beyond its end, so that its late holder is still known. */
    private static final long GRACE_MILLIS = 3_600_000;

    private static final Duration LONGEST = Duration.ofDays(36_500);

    private final UnifiedJedis redis;
    private final byte[] prefix;
    private final LostClaims lost = new LostClaims();

    private RedisIdempotencyStore(Builder builder) {
        this.redis = builder.redis;
        this.prefix = builder.keyPrefix.getBytes(StandardCharsets.UTF_8);
    }

    /** A store whose keys begin with {@code anymq:idempotency:}. */
    public static RedisIdempotencyStore with(UnifiedJedis redis) {
        return builder(redis).build();
    }

    /** Starts from the defaults. */
    public static Builder builder(UnifiedJedis redis) {
        return new Builder(redis);
    }

    @Override
    public Claim claim(String scope, String key, long fingerprint, Duration lease) {
        String earlier = lost.take(scope, key);
        String claimId = earlier != null
                ? earlier
                : Long.toString(ThreadLocalRandom.current().nextLong());
        try {
            long micros = micros(lease);
            List<?> answer = (List<?>) call(
                    "claim a message",
                    () -> CLAIM.run(
                            redis,
                            keyOf(scope, key),
                            texts(
                                    Long.toString(fingerprint),
                                    claimId,
                                    Long.toString(micros),
                                    Long.toString(micros / 1_000 + GRACE_MILLIS))));
            Claim claim = claim(text(answer.get(0)), text(answer.get(1)), text(answer.get(2)));
            if (earlier != null && claim instanceof Claim.Conflict) {
                // another message of the same id: that of the lost claim has yet to ask
                lost.add(scope, key, claimId);
            }
            return claim;
        } catch (Throwable e) {
            lost.add(scope, key, claimId);
            throw e;
        }
    }

    private static Claim claim(String state, String token, String left) {
        return switch (state) {
            case "G" -> new Claim.Granted(Long.parseLong(token));
            case "P" -> new Claim.Busy(Duration.ofNanos(Long.parseLong(left) * 1_000));
            case "D" -> new Claim.Done();
            case "X" -> new Claim.Dead();
            case "C" -> new Claim.Conflict();
            default -> throw new IllegalStateException("an entry is in the unknown state '" + state + "'");
        };
    }

    @Override
    public boolean prolong(String scope, String key, long token, Duration lease) {
        return change("extend a lease", scope, key, token, "P", micros(lease), GRACE_MILLIS);
    }

    @Override
    public boolean complete(String scope, String key, long token, Duration retention) {
        return change("complete a message", scope, key, token, "D", micros(retention), 1);
    }

    @Override
    public boolean bury(String scope, String key, long token, Duration retention) {
        return change("mark a message as dead-lettered", scope, key, token, "X", micros(retention), 1);
    }

    @Override
    public boolean release(String scope, String key, long token) {
        // ended a minute ago: a clock that is set back a little must not revive it
        return change("release a message", scope, key, token, "R", -60_000_000, GRACE_MILLIS);
    }

    @Override
    public void forget(String scope, String key) {
        call("forget a message", () -> FORGET.run(redis, keyOf(scope, key), texts(Long.toString(GRACE_MILLIS))));
    }

    private boolean change(
            String what, String scope, String key, long token, String state, long micros, long graceMillis) {
        Object changed = call(
                what,
                () -> CHANGE.run(
                        redis,
                        keyOf(scope, key),
                        texts(
                                Long.toString(token),
                                state,
                                Long.toString(micros),
                                Long.toString(Math.max(0, micros) / 1_000 + graceMillis))));
        return changed.equals(1L);
    }

    private static Object call(String what, Supplier<Object> call) {
        try {
            return call.get();
        } catch (JedisException e) {
            throw RedisFailures.typed(what, e);
        }
    }

    /**
     * Readable where it is ASCII, and different for all that differ: the scope's length tells where it ends, and each
     * {@code char} is written by itself, because UTF-8 has no form for half of a pair.
     */
    private byte[] keyOf(String scope, String key) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(prefix.length + scope.length() + key.length() + 8);
        bytes.writeBytes(prefix);
        bytes.writeBytes((scope.length() + ":").getBytes(StandardCharsets.US_ASCII));
        write(bytes, scope);
        bytes.write(':');
        write(bytes, key);
        return bytes.toByteArray();
    }

    private static void write(ByteArrayOutputStream bytes, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                bytes.write(c);
            } else if (c < 0x800) {
                bytes.write(0xC0 | c >> 6);
                bytes.write(0x80 | (c & 0x3F));
            } else {
                bytes.write(0xE0 | c >> 12);
                bytes.write(0x80 | (c >> 6 & 0x3F));
                bytes.write(0x80 | (c & 0x3F));
            }
        }
    }

    private static List<byte[]> texts(String... texts) {
        return Arrays.stream(texts)
                .map(text -> text.getBytes(StandardCharsets.US_ASCII))
                .toList();
    }

    private static String text(Object bytes) {
        return new String((byte[]) bytes, StandardCharsets.US_ASCII);
    }

    private static long micros(Duration duration) {
        Duration bounded = duration.compareTo(LONGEST) > 0 ? LONGEST : duration;
        return Math.max(1, bounded.toNanos() / 1_000);
    }

    /** Builds a {@link RedisIdempotencyStore}. Not thread-safe. */
    public static final class Builder {
        private final UnifiedJedis redis;
        private String keyPrefix = "anymq:idempotency:";

        private Builder(UnifiedJedis redis) {
            this.redis = Objects.requireNonNull(redis, "redis");
        }

        /** What the store's keys begin with, so that several applications can share a Redis; default {@code
         * anymq:idempotency:}. */
        public Builder keyPrefix(String keyPrefix) {
            this.keyPrefix = Objects.requireNonNull(keyPrefix, "keyPrefix");
            return this;
        }

        /** The store. Asks Redis for nothing. */
        public RedisIdempotencyStore build() {
            return new RedisIdempotencyStore(this);
        }
    }
}
