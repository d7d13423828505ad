package io.anymq.bench.run;

import io.anymq.bench.broker.BrokerUnderTest;
import io.anymq.bench.result.BrokerInfo;
import io.anymq.bench.result.BrokerInfo.Setting;
import io.anymq.bench.scenario.CompareOptions;
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
record BrokerSession(
        BrokerUnderTest broker,
        CompareOptions options,
        @Nullable LocalBroker local,
        String url) implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerSession.class);

    /** Starts it; throws with the reason if it cannot be had as it should be. */
    static BrokerSession open(BrokerUnderTest broker, CompareOptions options) throws Exception {
        if (broker.kind().isEmpty()) {
            return new BrokerSession(broker, options, null, broker.embeddedUrl());
        }
        LocalBroker local = LocalBrokers.start(broker.kind().get(), broker.startOptions(options.durability()));
        try {
            List<String> differences = broker.verify(local.bootstrap(), options.durability());
            if (!differences.isEmpty()) {
                throw new IllegalStateException(
                        "its settings differ from those it was given: " + String.join("; ", differences));
            }
            return new BrokerSession(broker, options, local, local.url());
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
            return info(broker, options, null, broker.embeddedAs(), null, "in the measuring JVM", Map.of());
        }
        BrokerDescription about = local.describe();
        String version = about.version().orElse(null);
        return info(broker, options, null, about.via().toString(), version, about.launch(), about.settings());
    }

    static BrokerInfo unavailable(BrokerUnderTest broker, CompareOptions options, String reason) {
        return info(broker, options, reason, null, null, null, Map.of());
    }

    private static BrokerInfo info(
            BrokerUnderTest broker,
            CompareOptions options,
            @Nullable String reason,
            @Nullable String via,
            @Nullable String version,
            @Nullable String launch,
            Map<String, String> serverSettings) {
        List<Setting> settings = new ArrayList<>(broker.parity());
        options.rawSettings(broker)
                .forEach((name, value) -> settings.add(new Setting("changed by --raw: " + name, "as above", value)));
        return new BrokerInfo(
                broker.name(),
                broker.title(),
                broker.rawTitle(),
                reason == null,
                reason,
                via,
                version,
                launch,
                broker.guarantee(options.durability()),
                settings,
                serverSettings);
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
