package io.anymq.bench.theory;

import io.anymq.bench.broker.BrokerUnderTest;
import io.anymq.bench.result.RunResult;
import java.util.List;

/**
 * One claim of the theory, shown by counting what happens without a policy and with it. It asks what is right, not what is fast,
 * so a busy machine does not spoil it. Its claim and its answers are in {@code texts.properties}, under its name.
 *
 * @param name as in {@code --scenarios}
 * @param group demonstrations of one group run side by side; empty for one that runs alone, because load would distort it
 * @param quickSeconds an estimate of how long a variant takes
 * @param thoroughSeconds the same in the full profile
 * @param variants the ways it is run in, the one without the policy first
 * @param body runs one variant
 */
public record Demonstration(
        String name, String group, double quickSeconds, double thoroughSeconds, List<String> variants, Body body) {
    /** Runs a variant, and tells the context what it found. */
    interface Body {
        void run(String variant, DemoContext demo) throws Exception;
    }

    /** Whether it takes a broker with its own process, which it kills. */
    public boolean killsTheBroker() {
        return name.equals(Failover.NAME);
    }

    /** The client that a variant uses: AnyMQ's, or the vendor's plain one. */
    public String arm(String variant) {
        return variant.endsWith(Client.PLAIN) ? BrokerUnderTest.RAW : BrokerUnderTest.ADAPTER;
    }

    /** Runs one of the variants, whose result has no figures yet. */
    public RunResult run(String variant, DemoContext.Settings settings, RunResult result) throws Exception {
        long begin = System.nanoTime();
        try (DemoContext demo = new DemoContext(settings)) {
            body.run(variant, demo);
            return demo.addTo(result, Math.round((System.nanoTime() - begin) / 1e7) / 100.0);
        }
    }
}
