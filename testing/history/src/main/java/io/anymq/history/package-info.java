/**
 * Histories of messages: events, a recorder, and files that several processes write and one merges.
 *
 * <p>It depends on nothing of AnyMQ, because it is used to judge AnyMQ. {@link io.anymq.history.check} does the
 * judging.
 */
@NullMarked
package io.anymq.history;

import org.jspecify.annotations.NullMarked;
