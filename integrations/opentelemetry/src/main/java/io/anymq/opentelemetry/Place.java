package io.anymq.opentelemetry;

import io.anymq.Destination;
import io.anymq.Source;
import io.anymq.Subscription;
import io.anymq.Topic;
import org.jspecify.annotations.Nullable;

/** A queue, a topic, or a subscription to one, as the conventions name it. */
record Place(String destination, @Nullable String subscription) {
    static Place of(Destination destination) {
        return new Place(destination.name(), null);
    }

    static Place of(Source source) {
        return source instanceof Subscription subscription
                ? new Place(nameOf(subscription.topic()), subscription.name())
                : new Place(source.path(), null);
    }

    private static String nameOf(Topic topic) {
        return topic.name();
    }
}
