package io.anymq.bench.run;

import io.anymq.bench.broker.Brokers;
import io.anymq.bench.result.BrokerInfo;
import io.anymq.bench.result.Environment;
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
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Looks at what a measurement depends on, and says what it finds. Stateless. */
public final class Checkup {
    private static final int ROUNDS = 7;
    private static final int FSYNCS = 50;
    private static final double NOISY = 1.25;

    private Checkup() {}

    /** False if a broker cannot be had as it should be. */
    public static boolean of(CompareOptions options, PrintStream out) throws IOException, InterruptedException {
        Environment environment = EnvironmentProbe.probe();
        out.printf(
                Locale.ROOT,
                "machine     %d processors, %s, %s%n",
                environment.processors(),
                environment.cpuModel(),
                environment.virtualization());
        out.println("java        " + environment.java());
        out.printf(
                Locale.ROOT,
                "load        %.2f over the last minute%s%n",
                load(),
                load() > 0.5 ? "; something else runs here, figures will be noisy" : "");
        OptionalDouble stolen = StolenTime.seconds();
        long start = System.nanoTime();
        double spread = spread();
        double seconds = (System.nanoTime() - start) / 1e9;
        out.printf(
                Locale.ROOT,
                "noise       the same work takes up to %.2f times its shortest time%s%n",
                spread,
                spread > NOISY ? "; take more pairs" : "");
        if (stolen.isPresent()) {
            out.printf(
                    Locale.ROOT,
                    "host        took %.1f %% of the processors' time from this machine meanwhile%n",
                    100
                            * (StolenTime.seconds().orElseThrow() - stolen.getAsDouble())
                            / (seconds * environment.processors()));
        }
        out.printf(Locale.ROOT, "timer       a park of 1 ms takes %.0f µs longer (median)%n", oversleepMicros());
        out.printf(Locale.ROOT, "disk        a forced write takes %.2f ms (median)%n", fsyncMillis(options.out()));
        boolean fine = true;
        for (String name : options.brokers()) {
            fine &= broker(options, name, out);
        }
        return fine;
    }

    private static boolean broker(CompareOptions options, String name, PrintStream out) throws InterruptedException {
        try (BrokerSession session = BrokerSession.open(Brokers.named(name), options)) {
            BrokerInfo info = session.info();
            out.printf(
                    Locale.ROOT,
                    "%-11s fine: %s%s, durability %s checked%n",
                    name,
                    info.via(),
                    info.version() == null ? "" : " " + info.version(),
                    options.durability().name().toLowerCase(Locale.ROOT));
            return true;
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            out.printf(Locale.ROOT, "%-11s cannot be measured: %s%n", name, e.getMessage());
            return false;
        }
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    /** How much the time for the same work varies: 1 on a machine that does nothing else. */
    private static double spread() {
        List<Long> nanos = new ArrayList<>();
        long sink = work();
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            sink += work();
            nanos.add(System.nanoTime() - start);
        }
        if (sink == 0) {
            throw new IllegalStateException("the work was optimised away");
        }
        long shortest = nanos.stream().mapToLong(Long::longValue).min().orElseThrow();
        long longest = nanos.stream().mapToLong(Long::longValue).max().orElseThrow();
        return (double) longest / shortest;
    }

    private static long work() {
        long value = 1;
        for (int i = 0; i < 100_000_000; i++) {
            value = value * 6364136223846793005L + 1442695040888963407L;
        }
        return value;
    }

    private static double oversleepMicros() {
        List<Double> micros = new ArrayList<>();
        long wanted = TimeUnit.MILLISECONDS.toNanos(1);
        for (int i = 0; i < 200; i++) {
            long start = System.nanoTime();
            LockSupport.parkNanos(wanted);
            micros.add((System.nanoTime() - start - wanted) / 1_000.0);
        }
        return Statistics.median(micros);
    }

    private static double fsyncMillis(Path folder) throws IOException {
        Files.createDirectories(folder);
        Path file = Files.createTempFile(folder, "fsync", ".tmp");
        List<Double> millis = new ArrayList<>();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer block = ByteBuffer.allocate(4_096);
            for (int i = 0; i < FSYNCS; i++) {
                long start = System.nanoTime();
                channel.write(block.rewind(), i * 4_096L);
                channel.force(false);
                millis.add((System.nanoTime() - start) / 1e6);
            }
        } finally {
            Files.delete(file);
        }
        return Statistics.median(millis);
    }
}
