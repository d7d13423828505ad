/**
 * The adapter that keeps messages in the tables of a PostgreSQL database, for URLs such as {@code
 * postgresql://user:password@host:5432/database}.
 *
 * <table>
 * <caption>Terms</caption>
 * <tr><th>PostgreSQL</th><th>AnyMQ</th></tr>
 * <tr><td>row of {@code mq_destination}</td><td>queue or topic</td></tr>
 * <tr><td>row of {@code mq_source} with a name</td><td>subscription</td></tr>
 * <tr><td>row of {@code mq_message}</td><td>a stored copy of a message</td></tr>
 * <tr><td>row of {@code mq_lane} while it names a receiver</td><td>{@link io.anymq.spi.Lane} of an ordered source</td></tr>
 * <tr><td>row of {@code mq_claim}</td><td>a message taken from an unordered source</td></tr>
 * <tr><td>{@code mq_receiver.id}</td><td>the fencing number of a receiver</td></tr>
 * <tr><td>deletion of the row</td><td>settlement</td></tr>
 * <tr><td>{@code mq_message.due}, by the server's clock</td><td>delay</td></tr>
 * <tr><td>{@code mq_message.attempts}</td><td>{@link io.anymq.spi.InboundMessage#deliveryCount()}</td></tr>
 * <tr><td>transaction</td><td>{@link io.anymq.spi.Chain}</td></tr>
 * <tr><td>{@code NOTIFY}</td><td>wakes a receiver early; polling alone decides what is there</td></tr>
 * </table>
 *
 * <p><b>Guarantee.</b> A message is confirmed when the transaction that stores it is committed, with the server's {@code
 * synchronous_commit}.
 *
 * <p><b>unwrap.</b> A delivery gives the {@link java.sql.RowId} of its row, whose text is source/lane/id.
 */
@NullMarked
package io.anymq.postgresql;

import org.jspecify.annotations.NullMarked;
