package io.anymq.bench.broker;

import io.anymq.bench.result.BrokerInfo.Setting;
import io.anymq.bench.result.Texts;
import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.BrokerOptions;
import io.anymq.brokers.Durability;
import io.anymq.brokers.Tuning;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A broker with its own process: its names, how it is started, and every setting of both arms. */
abstract class ServerUnderTest implements BrokerUnderTest {
    private final BrokerKind kind;
    private final String title;
    private final String rawTitle;
    private final int heapMegabytes;
    private final Map<String, String> anymq = new LinkedHashMap<>();
    private final Map<String, String> vendor = new LinkedHashMap<>();
    private final List<Setting> rows = new ArrayList<>();

    /** The rows of its texts are filled in with {@code arguments}. */
    ServerUnderTest(BrokerKind kind, String title, String rawTitle, int heapMegabytes, Object... arguments) {
        this.kind = kind;
        this.title = title;
        this.rawTitle = rawTitle;
        this.heapMegabytes = heapMegabytes;
        Texts.list("parity." + kind.scheme(), arguments).forEach(row -> rows.add(Setting.of(row)));
        Texts.list("parity.server").forEach(row -> rows.add(Setting.of(row)));
    }

    /** A setting of AnyMQ that the texts explain. */
    final void anymq(String name, String value) {
        anymq.put("anymq." + kind.urlScheme() + "." + name, value);
    }

    /** A setting of the raw arm that the texts explain. */
    final void vendor(String name, String value) {
        vendor.put(name, value);
    }

    /** The same setting of both arms. */
    final void both(String name, String value) {
        anymq(name, value);
        vendor(name, value);
        rows.add(Setting.both(name, value));
    }

    /** The adapter sets this itself and does not let it be changed; the raw arm must be told. */
    final void raw(String name, String value) {
        vendor(name, value);
        rows.add(new Setting(name, "set by the adapter", value));
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
        return BrokerOptions.defaults()
                .withDurability(durability)
                .withTuning(Tuning.THROUGHPUT)
                .withHeapMegabytes(heapMegabytes);
    }

    @Override
    public final String embeddedUrl() {
        throw new IllegalStateException(title + " is not embedded");
    }

    @Override
    public Map<String, String> anymqSettings(Durability durability) {
        return new LinkedHashMap<>(anymq);
    }

    @Override
    public Map<String, String> vendorSettings(Durability durability) {
        return new LinkedHashMap<>(vendor);
    }

    @Override
    public final List<Setting> parity() {
        return List.copyOf(rows);
    }

    @Override
    public final String guarantee(Durability durability) {
        return Texts.of("guarantee." + name() + "." + durability.name().toLowerCase(Locale.ROOT));
    }

    /** What {@link #verify} says of a setting that should have another value. */
    static List<String> difference(String setting, @Nullable Object found, Durability durability) {
        return List.of(setting + " is " + found + ", which is not durability " + durability);
    }
}
