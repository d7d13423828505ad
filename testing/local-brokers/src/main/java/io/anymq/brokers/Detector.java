package io.anymq.brokers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Chooses the way to a broker from options, settings and surroundings. */
final class Detector {
    private final BrokerDriver driver;
    private final BrokerOptions options;
    private final Settings settings;
    private final List<Map.Entry<Via, String>> reasons = new ArrayList<>();

    Detector(BrokerDriver driver, BrokerOptions options, Settings settings) {
        this.driver = driver;
        this.options = options;
        this.settings = settings;
    }

    String setting(String name) {
        return "anymq.test." + driver.kind().scheme() + "." + name;
    }

    Detection detect() {
        Optional<Via> forced =
                options.via().or(() -> settings.get(setting("via")).map(this::via));
        for (Via via : forced.map(List::of).orElse(List.of(Via.values()))) {
            Optional<String> obstacle = obstacle(via);
            if (obstacle.isEmpty()) {
                reasons.add(Map.entry(via, "chosen"));
                return new Detection(Optional.of(via), via == Via.EXTERNAL ? externalUrl() : Optional.empty(), reasons);
            }
            reasons.add(Map.entry(via, obstacle.get()));
        }
        return new Detection(Optional.empty(), Optional.empty(), reasons);
    }

    private Via via(String name) {
        try {
            return Via.of(name);
        } catch (LocalBrokerException e) {
            throw new LocalBrokerException("setting " + setting("via") + ": " + e.getMessage(), e);
        }
    }

    private Optional<String> obstacle(Via via) {
        return switch (via) {
            case EXTERNAL -> obstacleToExternal();
            case TESTCONTAINERS -> obstacleToContainer();
            case PROCESS -> obstacleToProcess();
        };
    }

    private Optional<String> obstacleToContainer() {
        return options.diskBytes().isPresent()
                ? Optional.of("a disk of its own is only supported for a process")
                : driver.obstacleToContainer(options);
    }

    private Optional<String> obstacleToProcess() {
        Optional<String> obstacle = driver.obstacleToProcess(options);
        return obstacle.isEmpty() && options.diskBytes().isPresent() ? MemoryDisk.obstacle() : obstacle;
    }

    /** A malformed URL is an error, not a reason to go on, because the user chose an external broker. */
    private Optional<String> obstacleToExternal() {
        Optional<String> url = externalUrl();
        url.ifPresent(text -> ExternalBroker.addresses(driver.kind(), text));
        return url.isPresent()
                ? Optional.empty()
                : Optional.of("no URL is set; set -D" + setting("url") + "="
                        + driver.kind().urlScheme() + "://host:port");
    }

    private Optional<String> externalUrl() {
        return options.externalUrl().or(() -> settings.get(setting("url")));
    }
}
