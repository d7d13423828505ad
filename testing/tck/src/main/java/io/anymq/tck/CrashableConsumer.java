package io.anymq.tck;

import io.anymq.history.History;
import java.util.List;

/** A consumer that runs until it is killed; see {@link BrokerHarness#startCrashable}. Thread-safe. */
public interface CrashableConsumer extends AutoCloseable {
    /** The ids handed to its handler so far, in that order, repetitions included. */
    List<String> started();

    /** The ids settled at the broker so far, in that order, as far as the consumer learned of it. */
    List<String> settled();

    /** Its record of handler calls and settlements; see {@link CrashConsumerLog#history()}. */
    History history();

    /** Whether it has come to the {@link CrashSpec#stop()} that it was given, where it waits to be killed. */
    boolean stopped();

    /** Kills it: no handler finishes, nothing is settled or handed back. Returns when it is gone. */
    void crash() throws Exception;

    /** Crashes it unless it is gone already. */
    @Override
    void close();
}
