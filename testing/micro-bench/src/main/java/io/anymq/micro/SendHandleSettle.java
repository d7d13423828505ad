package io.anymq.micro;

import io.anymq.micro.peer.Peer;
import io.anymq.micro.peer.PeerKind;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One message from a sending thread to a handler, and back as a confirm and a settlement where the peer has them. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class SendHandleSettle {
    /** The peer that carries the message. */
    @Param
    public PeerKind peer = PeerKind.ANYMQ;

    private Peer open = PeerKind.ANYMQ.create();
    private Traffic traffic = new Traffic(true, Duration.ofSeconds(10));

    /** Opens the peer. */
    @Setup
    public void open() throws Exception {
        traffic = new Traffic(!peer.mayReorder(), Duration.ofSeconds(10));
        open = peer.create();
        open.open(traffic::handle);
    }

    /** A burst; an error in it voids the figure. */
    @Benchmark
    @OperationsPerInvocation(Traffic.BURST)
    public void message() throws Exception {
        traffic.burst(open);
    }

    /** Closes the peer. */
    @TearDown
    public void close() throws Exception {
        open.close();
    }
}
