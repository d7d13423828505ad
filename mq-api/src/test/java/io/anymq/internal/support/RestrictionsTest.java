package io.anymq.internal.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RestrictionsTest {
    private final AtomicInteger changes = new AtomicInteger();
    private final Restrictions restrictions = new Restrictions(changes::incrementAndGet);

    @Test
    void theOldestIsDescribedAndTheOthersAreCounted() {
        assertThat(restrictions.detail()).isNull();
        restrictions.add("store", "the store is down");
        restrictions.add("executor", "the executor rejects workers");
        assertThat(restrictions.detail()).isEqualTo("the store is down (and 1 more)");
        restrictions.remove("store");
        assertThat(restrictions.detail()).isEqualTo("the executor rejects workers");
        restrictions.remove("executor");
        assertThat(restrictions.detail()).isNull();
    }

    @Test
    void onlyTheFirstAndTheLastAreTold() {
        restrictions.remove("store");
        assertThat(changes).hasValue(0);
        restrictions.add("store", "down");
        restrictions.add("store", "still down");
        restrictions.add("executor", "rejects");
        assertThat(changes).hasValue(1);
        restrictions.remove("store");
        restrictions.remove("store");
        assertThat(changes).hasValue(1);
        restrictions.remove("executor");
        assertThat(changes).hasValue(2);
    }
}
