package io.anymq.micrometer;

import io.anymq.API;
import io.anymq.Delivery;
import io.anymq.Source;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * What is known of one attempt: a call of a handler with one message, or with a batch. The carrier is the headers of a
 * single message; for a batch of several it is empty, because none of its messages is the one that the batch belongs to.
 * Used by one thread at a time.
 */
@API(API.Status.EVOLVING)
public final class ProcessObservationContext extends ReceiverContext<Map<String, String>> {
    private final Source source;
    private final List<WeakReference<Delivery<?>>> deliveries;
    private final boolean batch;
    private final String system;
    private final String boundedSource;

    ProcessObservationContext(
            Source source, List<Delivery<?>> deliveries, boolean batch, String system, String boundedSource) {
        super((headers, name) -> headers.get(name), Kind.CONSUMER);
        this.source = source;
        this.deliveries = deliveries.stream()
                .<WeakReference<Delivery<?>>>map(WeakReference::new)
                .toList();
        this.batch = batch;
        this.system = system;
        this.boundedSource = boundedSource;
        setCarrier(deliveries.size() == 1 ? deliveries.get(0).headers() : Map.of());
        setRemoteServiceName(system);
    }

    /** Where the messages were read. */
    public Source source() {
        return source;
    }

    /**
     * The messages of the call; unmodifiable, and never empty while it runs. Later those are left out that nothing else
     * holds: an observation stays with its message, and must not keep it. Conventions must not show their bodies.
     */
    public List<Delivery<?>> deliveries() {
        List<Delivery<?>> present = new ArrayList<>(deliveries.size());
        for (WeakReference<Delivery<?>> reference : deliveries) {
            Delivery<?> delivery = reference.get();
            if (delivery != null) {
                present.add(delivery);
            }
        }
        return Collections.unmodifiableList(present);
    }

    /** Whether the handler takes batches. */
    public boolean isBatch() {
        return batch;
    }

    /** The scheme of the broker's URL, such as {@code kafka}. */
    public String system() {
        return system;
    }

    /** The source's path as a low-cardinality value: {@code other} beyond the limit. */
    public String boundedSource() {
        return boundedSource;
    }
}
