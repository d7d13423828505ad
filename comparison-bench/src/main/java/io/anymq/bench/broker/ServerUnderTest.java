package io.anymq.bench.broker;

import io.anymq.bench.result.BrokerInfo.Setting;
import io.anymq.bench.result.Texts;
import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.BrokerOptions;
import io.anymq.brokers.Durability;
import io.anymq.brokers.Tuning;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A broker with its own process: its names, and how it is started. Immutable. */
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

    /** The rows of its texts, filled in, and those of every server. */
    final List<Setting> rows(Object... arguments) {
        List<Setting> rows = new ArrayList<>();
        Texts.list("parity." + name(), arguments).forEach(row -> rows.add(Setting.of(row)));
        Texts.list("parity.server").forEach(row -> rows.add(Setting.of(row)));
        return rows;
    }

    @Override
    public final String guarantee(Durability durability) {
        return Texts.of("guarantee." + name() + "." + durability.name().toLowerCase(Locale.ROOT));
    }
}
