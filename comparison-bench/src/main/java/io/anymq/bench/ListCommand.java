package io.anymq.bench;

import io.anymq.bench.broker.BrokerUnderTest;
import io.anymq.bench.broker.Brokers;
import io.anymq.bench.run.ExitCode;
import io.anymq.bench.scenario.Scenario;
import io.anymq.bench.scenario.Scenarios;
import io.anymq.brokers.Durability;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Shows what there is. */
@Command(name = "list", description = "Shows brokers and scenarios.", mixinStandardHelpOptions = true)
final class ListCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        System.out.println("Brokers");
        for (BrokerUnderTest broker : Brokers.all()) {
            System.out.printf(Locale.ROOT, "  %-16s %s; raw: %s%n", broker.name(), broker.title(), broker.rawTitle());
            broker.vendorSettings(Durability.PROCESS)
                    .forEach((name, value) -> System.out.printf(
                            Locale.ROOT, "  %-16s   --raw %s.%s=%s%n", "", broker.name(), name, value));
        }
        for (String scheme : Brokers.adaptersWithoutSettings()) {
            System.out.printf(
                    Locale.ROOT,
                    "  %-16s an adapter without a BrokerUnderTest, so it cannot be compared; docs/benchmark.md shows how to"
                            + " write one%n",
                    scheme);
        }
        System.out.println("Scenarios");
        for (Scenario scenario : Scenarios.all()) {
            System.out.printf(Locale.ROOT, "  %-16s %s%n", scenario.name(), scenario.claim());
        }
        return ExitCode.OK;
    }
}
