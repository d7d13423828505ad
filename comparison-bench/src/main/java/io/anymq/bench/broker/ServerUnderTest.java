package io.anymq.bench.broker;

import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.BrokerOptions;
import io.anymq.brokers.Durability;
import io.anymq.brokers.Tuning;
import java.util.Optional;

/** A broker with a process of its own: its names, and how it is started. Immutable. */
abstract class ServerUnderTest implements BrokerUnderTest {
    private final BrokerKind kind;
    private final String title;
    private final String rawTitle;

    ServerUnderTest(BrokerKind kind, String title, String rawTitle) {
        this.kind = kind;
        this.title = title;
        this.rawTitle = rawTitle;
    }

    @Override
    public final String name() {
        return kind.scheme();
    }

    @Override
    public final String title() {
        return title;
    }

    @Override
    public final String rawTitle() {
        return rawTitle;
    }

    @Override
    public final Optional<BrokerKind> kind() {
        return Optional.of(kind);
    }

    @Override
    public BrokerOptions startOptions(Durability durability) {
        return BrokerOptions.defaults().withDurability(durability).withTuning(Tuning.THROUGHPUT);
    }

    @Override
    public final String embeddedUrl() {
        throw new IllegalStateException(title + " is not embedded");
    }
}
