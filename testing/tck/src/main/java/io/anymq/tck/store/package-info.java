/**
 * The kit for authors of an {@link io.anymq.policy.IdempotencyStore}: rules STO of the specification. Extend {@link
 * io.anymq.tck.store.IdempotencyStoreTck} and implement {@link io.anymq.tck.store.StoreHarness}.
 */
@NullMarked
package io.anymq.tck.store;

import org.jspecify.annotations.NullMarked;
