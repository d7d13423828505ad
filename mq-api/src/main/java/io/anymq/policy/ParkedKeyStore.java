package io.anymq.policy;

import io.anymq.API;
import java.util.Map;

/**
 * Remembers the keys that {@link DeadLetterPolicy.Then#PARK_KEY} has parked, so that they stay parked when the consumer
 * is started again and when another process takes over its keys. Processes that consume the same source must share one.
 *
 * <p>A key is written before its message is dead-lettered. A consumer reads its parked keys when it starts, which fails
 * if the store does, and every 5 s after that, so it hears that late of what another process has parked or resumed.
 *
 * <p>Thread-safe. Methods may block, but not without a bound. Anything they throw means that the store is down: the
 * messages concerned wait until it answers, and the consumer's health is DEGRADED and says why.
 *
 * <pre>{@code
 * // create table parked_key (source varchar(512), parked_key varchar(256), mark varchar(64),
 * //                          primary key (source, parked_key))
 * DeadLetterPolicy.builder().then(Then.PARK_KEY).parkedKeys(new JdbcParkedKeys(dataSource)).build()
 * }</pre>
 */
@API(API.Status.STABLE)
public interface ParkedKeyStore {
    /**
     * The keys parked at a source, each with its mark.
     *
     * @param source the name of a queue, or {@code topic/subscription}
     */
    Map<String, String> parked(String source);

    /**
     * Parks a key, or replaces its mark.
     *
     * @param key 1 to 256 characters
     * @param mark up to 64 characters to keep and return unchanged; may be empty
     */
    void park(String source, String key, String mark);

    /** Takes a key out; one that is not parked is ignored. */
    void resume(String source, String key);
}
