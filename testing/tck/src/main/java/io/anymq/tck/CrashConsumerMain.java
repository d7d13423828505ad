package io.anymq.tck;

import java.io.IOException;

/** A process that consumes until it is killed, or until its standard input ends because its parent is gone. */
public final class CrashConsumerMain {
    private CrashConsumerMain() {}

    /** Takes {@link CrashSpec#arguments()}. */
    @SuppressWarnings("SystemOut") // standard output is how it reports to its parent
    public static void main(String[] args) throws IOException {
        CrashSpec spec = CrashSpec.parse(args);
        CrashConsumer consumer = CrashConsumer.start(spec, System.out::println);
        int said;
        do {
            said = System.in.read();
        } while (said >= 0);
        Runtime.getRuntime().halt(consumer.inFlight() >= 0 ? 0 : 1);
    }
}
