package io.anymq.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Consumer;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/**
 * The subscriptions of one channel to one queue. The server takes a prefetch for each subscription, and changes none,
 * so one for the whole channel (which quorum queues refuse) is made of several: a larger window adds a subscription, a
 * smaller one cancels the latest. What a cancelled one was sent stays with the channel.
 *
 * <p>More than one only where order does not matter. For the receive thread.
 */
final class Subscriptions {
    /** Each costs the server some memory, and it deals messages out to them in turn. */
    private static final int MOST = 8;

    private static final int LARGEST_PREFETCH = 65_535;

    private record Subscription(String tag, int prefetch) {}

    private final Channel channel;
    private final String queue;
    private final String tag;
    private final Supplier<Consumer> consumers;
    private final Deque<Subscription> open = new ArrayDeque<>();
    private int total;
    private int number;

    /** None yet; the first has {@code tag}, later ones add a number. */
    Subscriptions(Channel channel, String queue, String tag, Supplier<Consumer> consumers) {
        this.channel = channel;
        this.queue = queue;
        this.tag = tag;
        this.consumers = consumers;
    }

    /** The server may send so many messages that are not acknowledged. Blocks for some round trips. */
    void window(int messages) throws IOException {
        int wanted = Math.min(LARGEST_PREFETCH, messages);
        boolean merges = wanted > total && open.size() == MOST;
        for (int left = merges ? MOST / 2 : 0; left > 0 || total > wanted; left--) {
            Subscription last = open.removeLast();
            total -= last.prefetch();
            channel.basicCancel(last.tag());
        }
        if (wanted > total) {
            add(wanted - total);
        }
    }

    private void add(int prefetch) throws IOException {
        String name = number == 0 ? tag : tag + "+" + number;
        number++;
        channel.basicQos(prefetch);
        channel.basicConsume(queue, false, name, consumers.get());
        open.add(new Subscription(name, prefetch));
        total += prefetch;
    }
}
