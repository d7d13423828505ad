package io.anymq.bench.run;

import io.anymq.bench.broker.BrokerUnderTest;
import io.anymq.bench.result.BrokerInfo;
import io.anymq.bench.result.BrokerInfo.Setting;
import io.anymq.brokers.BrokerDescription;
import io.anymq.brokers.Detection;
import io.anymq.brokers.Fault;
import io.anymq.brokers.LocalBroker;
import io.anymq.brokers.LocalBrokerException;
import io.anymq.brokers.LocalBrokers;
import io.anymq.brokers.ResourceUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A broker while it is measured: started if necessary, and its settings checked. */
final class BrokerSession implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerSession.class);

    private final BrokerUnderTest broker;
    private final CompareOptions options;
    private final @Nullable LocalBroker local;
    private final String url;

    private BrokerSession(BrokerUnderTest broker, CompareOptions options, @Nullable LocalBroker local) {
        this.broker = broker;
        this.options = options;
        this.local = local;
        this.url = local == null ? broker.embeddedUrl() : "";
    }

    /** Starts it; throws with the reason if it cannot be had as it should be. */
    static BrokerSession open(BrokerUnderTest broker, CompareOptions options) throws Exception {
        if (broker.kind().isEmpty()) {
            return new BrokerSession(broker, options, null);
        }
        LocalBroker local = LocalBrokers.start(broker.kind().get(), broker.startOptions(options.durability()));
        try {
            List<String> differences = broker.verify(local.bootstrap(), options.durability());
            if (!differences.isEmpty()) {
                throw new IllegalStateException(
                        "its settings differ from those it was given: " + String.join("; ", differences));
            }
            return new BrokerSession(broker, options, local);
        } catch (Exception e) {
            local.close();
            throw e;
        }
    }

    /** Why it cannot be had, as far as that is known without starting it. */
    static Optional<String> obstacle(BrokerUnderTest broker, CompareOptions options) {
        try {
            return broker.kind()
                    .map(kind -> LocalBrokers.detect(kind, broker.startOptions(options.durability())))
                    .filter(detection -> detection.chosen().isEmpty())
                    .map(Detection::summary);
        } catch (LocalBrokerException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    String url() {
        return local == null ? url : local.url();
    }

    String bootstrap() {
        return local == null ? "" : local.bootstrap();
    }

    boolean canBeKilled() {
        return local != null && local.faults().containsAll(Set.of(Fault.KILL, Fault.RESTART));
    }

    /** As a crash, and what a supervisor does after it. */
    void killAndRestart() {
        if (local != null) {
            local.kill();
            local.restart();
        }
    }

    ResourceUsage usage() {
        return local == null ? ResourceUsage.UNKNOWN : local.usage();
    }

    boolean isAlive() {
        return local == null || local.isAlive();
    }

    BrokerInfo info() {
        if (local == null) {
            return info(broker, options, true, null, broker.embeddedAs(), null, "in the measuring JVM", Map.of());
        }
        BrokerDescription description = local.describe();
        return info(
                broker,
                options,
                true,
                null,
                description.via().toString(),
                description.version().orElse(null),
                description.launch(),
                description.settings());
    }

    static BrokerInfo unavailable(BrokerUnderTest broker, CompareOptions options, String reason) {
        return info(broker, options, false, reason, null, null, null, Map.of());
    }

    private static BrokerInfo info(
            BrokerUnderTest broker,
            CompareOptions options,
            boolean available,
            @Nullable String reason,
            @Nullable String via,
            @Nullable String version,
            @Nullable String launch,
            Map<String, String> serverSettings) {
        return new BrokerInfo(
                broker.name(),
                broker.title(),
                broker.rawTitle(),
                available,
                reason,
                via,
                version,
                launch,
                broker.guarantee(options.durability()),
                parity(broker, options),
                serverSettings);
    }

    private static List<Setting> parity(BrokerUnderTest broker, CompareOptions options) {
        List<Setting> rows = new ArrayList<>(broker.parity());
        options.rawSettings()
                .getOrDefault(broker.name(), Map.of())
                .forEach((name, value) -> rows.add(new Setting("changed by --raw: " + name, "as above", value)));
        return rows;
    }

    @Override
    public void close() {
        if (local != null) {
            local.close();
            return;
        }
        try {
            broker.release(url);
        } catch (Exception e) {
            // The figures are there; what is left behind is worth a line, not the comparison.
            LOG.warn("{} could not be released; what it left behind must be removed by hand", broker.title(), e);
        }
    }
}
