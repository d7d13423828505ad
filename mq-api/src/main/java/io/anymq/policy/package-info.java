/**
 * The policies for messages that fail, repeat or arrive too fast. Every policy is an immutable value with a builder,
 * means the same on every broker, and is carried out by the engine, never by an adapter.
 */
@NullMarked
package io.anymq.policy;

import org.jspecify.annotations.NullMarked;
