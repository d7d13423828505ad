package io.anymq.tck.store;

import io.anymq.policy.IdempotencyStore;
import io.anymq.policy.InMemoryIdempotencyStore;

/** The store that comes with the API. It has no server to stop, and does not say how much it keeps. */
class InMemoryStoreTckTest extends IdempotencyStoreTck {
    @Override
    protected StoreHarness harness() {
        InMemoryIdempotencyStore store = new InMemoryIdempotencyStore();
        return new StoreHarness() {
            @Override
            public String name() {
                return "inmemory";
            }

            @Override
            public IdempotencyStore open() {
                return store;
            }
        };
    }
}
