/**
 * AnyMQ over RabbitMQ, for URLs such as {@code rabbitmq://user:password@host:5672/vhost}. Needs a server of version 3.10
 * or newer; nothing but an AMQP 0-9-1 listener, and no plugin.
 *
 * <p><b>Terms.</b> A queue is a RabbitMQ queue of the same name; with per-key order it is several of them, called
 * {@code orders}, {@code orders~1}, {@code orders~2} …, each with a single active consumer. A topic is an exchange of the
 * same name, a subscription a queue {@code topic.subscription} (or several) bound to it. The message id is the property
 * {@code message-id}, the content type {@code content-type}, the key the header {@code mq-key}.
 *
 * <p><b>Guarantees.</b> A confirmed message was confirmed by RabbitMQ: on quorum queues (the default) it has been forced
 * to the disks of a majority, on durable classic ones it survives the server's process. Delivery is at least once.
 *
 * <p><b>Not offered.</b> Subscriptions that start at EARLIEST (a queue keeps no history) and atomic chaining.
 *
 * <pre>{@code
 * anymq.url=rabbitmq://guest:guest@localhost:5672
 * anymq.rabbitmq.lanes=16
 * }</pre>
 *
 * @see io.anymq.rabbitmq.RabbitMqConfig
 */
@NullMarked
package io.anymq.rabbitmq;

import org.jspecify.annotations.NullMarked;
