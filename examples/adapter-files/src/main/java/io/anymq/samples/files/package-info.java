/**
 * A worked example of an adapter: queues and topics as files in a folder, shared by all processes of one computer.
 * Durable and small, and nothing about it is special to a vendor.
 *
 * <table>
 * <caption>Terms</caption>
 * <tr><th>in the folder</th><th>AnyMQ</th></tr>
 * <tr><td>{@code queues/orders}, {@code topics/orders}</td><td>queue, topic</td></tr>
 * <tr><td>{@code …/lane-3/00000000000000000017.messages}</td><td>messages sent together, in a lane</td></tr>
 * <tr><td>{@code …/readers/billing}</td><td>subscription</td></tr>
 * <tr><td>{@code …/readers/billing/lane-3.lock}, locked</td><td>one period of ownership: a lane</td></tr>
 * <tr><td>{@code …/readers/billing/lane-3/settled}</td><td>settlements</td></tr>
 * <tr><td>{@code …/readers/billing/lane-3/attempts-17}</td><td>attempts, for each message of file 17</td></tr>
 * <tr><td>{@code redelivery/…}</td><td>delayed messages</td></tr>
 * </table>
 */
@NullMarked
package io.anymq.samples.files;

import org.jspecify.annotations.NullMarked;
