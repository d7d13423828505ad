package io.anymq.samples.files;

import io.anymq.Queue;
import io.anymq.Source;
import io.anymq.Subscription;
import io.anymq.Topic;
import io.anymq.spi.Address;
import java.nio.file.Path;

/** Which folder belongs to which address. Portable names need no escaping. */
final class FilesNames {
    private static final String QUEUE_READER = "queue";

    private FilesNames() {}

    /** Where the messages of {@code address} are. */
    static Path messages(Path root, Address address) {
        if (address instanceof Address.OfQueue of) {
            return queue(root, of.queue());
        }
        if (address instanceof Address.OfTopic of) {
            return topic(root, of.topic());
        }
        if (address instanceof Address.OfSubscription of) {
            return topic(root, of.subscription().topic());
        }
        Source source = ((Address.Redelivery) address).source();
        return source instanceof Subscription subscription
                ? root.resolve("redelivery/subscriptions")
                        .resolve(subscription.topic().name())
                        .resolve(subscription.name())
                : root.resolve("redelivery/queues").resolve(((Queue) source).name());
    }

    static Path queue(Path root, Queue queue) {
        return root.resolve("queues").resolve(queue.name());
    }

    private static Path topic(Path root, Topic topic) {
        return root.resolve("topics").resolve(topic.name());
    }

    /** Where the settlements of those who read {@code address} are. */
    static Path reader(Path root, Address address) {
        String name =
                address instanceof Address.OfSubscription of ? of.subscription().name() : QUEUE_READER;
        return messages(root, address).resolve("readers").resolve(name);
    }

    static Path lane(Path messages, int lane) {
        return messages.resolve("lane-" + lane);
    }
}
