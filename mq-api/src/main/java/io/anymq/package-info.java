/**
 * One messaging API over every broker. Start at {@link io.anymq.MessagingClient}; the concepts are
 * {@link io.anymq.Destination} ({@link io.anymq.Queue}, {@link io.anymq.Topic}), {@link io.anymq.Message},
 * {@link io.anymq.Producer}, {@link io.anymq.Consumer} and the policies in {@link io.anymq.policy}.
 */
@NullMarked
package io.anymq;

import org.jspecify.annotations.NullMarked;
