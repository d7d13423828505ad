/**
 * Judges a history by fourteen invariants. Begin with {@link io.anymq.history.check.HistoryChecker}; what each invariant
 * means stands at {@link io.anymq.history.check.Invariant} and, with its exceptions, at the class that checks it.
 */
@NullMarked
package io.anymq.history.check;

import org.jspecify.annotations.NullMarked;
