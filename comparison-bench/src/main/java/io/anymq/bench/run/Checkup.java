package io.anymq.bench.run;

import io.anymq.bench.broker.Brokers;
import io.anymq.bench.result.BrokerInfo;
import io.anymq.bench.result.Results.Environment;
import io.anymq.bench.result.Texts;
import io.anymq.bench.scenario.CompareOptions;
import io.anymq.bench.stats.Statistics;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Looks at what a measurement depends on, and says what it finds. */
public final class Checkup {
    private static final int ROUNDS = 7;
    private static final int FSYNCS = 50;
    private static final double NOISY = 1.25;

    private final CompareOptions options;
    private final PrintStream out;

    private Checkup(CompareOptions options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    /** False if a broker cannot be had as it should be. */
    public static boolean of(CompareOptions options, PrintStream out) throws IOException, InterruptedException {
        Checkup checkup = new Checkup(options, out);
        checkup.machine();
        boolean fine = true;
        for (String name : options.brokers()) {
            fine &= checkup.broker(name);
        }
        return fine;
    }

    private void line(String what, String format, Object... arguments) {
        out.printf("%-11s %s%n", what, Texts.format(format, arguments));
    }

    private void machine() throws IOException, InterruptedException {
        Environment machine = EnvironmentProbe.probe();
        line("machine", "%d processors, %s, %s", machine.processors(), machine.cpuModel(), machine.virtualization());
        line("java", "%s", machine.java());
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        String busy = load > 0.5 ? "; something else runs here, figures will be noisy" : "";
        line("load", "%.2f over the last minute%s", load, busy);
        Double stolen = StolenTime.seconds();
        List<Double> work = timed(ROUNDS, Checkup::work);
        Double stolenAfter = StolenTime.seconds();
        double spread = Collections.max(work) / Collections.min(work);
        String pairs = spread > NOISY ? "; take more pairs" : "";
        line("noise", "the same work takes up to %.2f times its shortest time%s", spread, pairs);
        if (stolen != null && stolenAfter != null) {
            double whole = work.stream().mapToDouble(Double::doubleValue).sum()
                    / TimeUnit.SECONDS.toNanos(1)
                    * machine.processors();
            double share = 100 * (stolenAfter - stolen) / whole;
            line("host", "took %.1f %% of the processors' time from this machine meanwhile", share);
        }
        long park = TimeUnit.MILLISECONDS.toNanos(1);
        double late = Statistics.median(timed(200, () -> LockSupport.parkNanos(park))) - park;
        line("timer", "a park of 1 ms takes %.0f µs longer (median)", late / 1e3);
        line("disk", "a forced write takes %.2f ms (median)", fsyncMillis(options.out()));
    }

    private boolean broker(String name) throws InterruptedException {
        try (BrokerSession session = BrokerSession.open(Brokers.named(name), options)) {
            BrokerInfo info = session.info();
            String version = info.version() == null ? "" : " " + info.version();
            String durability = options.durability().name().toLowerCase(Locale.ROOT);
            line(name, "fine: %s%s, durability %s checked", String.valueOf(info.via()), version, durability);
            return true;
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            line(name, "cannot be measured: %s", String.valueOf(e.getMessage()));
            return false;
        }
    }

    private interface Action {
        void run() throws IOException;
    }

    /** How many nanoseconds each round took; one before them warms up. */
    private static List<Double> timed(int rounds, Action action) throws IOException {
        List<Double> nanos = new ArrayList<>();
        for (int round = 0; round <= rounds; round++) {
            long start = System.nanoTime();
            action.run();
            nanos.add((double) (System.nanoTime() - start));
        }
        return nanos.subList(1, nanos.size());
    }

    private static void work() {
        long value = 1;
        for (int i = 0; i < 100_000_000; i++) {
            value = value * 6364136223846793005L + 1442695040888963407L;
        }
        if (value == 0) {
            throw new IllegalStateException("the work was optimised away");
        }
    }

    private static double fsyncMillis(Path folder) throws IOException {
        Path file = Files.createTempFile(Files.createDirectories(folder), "fsync", ".tmp");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer block = ByteBuffer.allocate(4_096);
            List<Double> nanos = timed(FSYNCS, () -> {
                channel.write(block.rewind(), channel.size());
                channel.force(false);
            });
            return Statistics.median(nanos) / 1e6;
        } finally {
            Files.delete(file);
        }
    }
}
