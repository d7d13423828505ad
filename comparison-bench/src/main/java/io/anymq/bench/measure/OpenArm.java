package io.anymq.bench.measure;

import io.anymq.bench.arm.Arm;
import io.anymq.bench.broker.Brokers;
import io.anymq.bench.result.RunResult.Messages;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An arm that stays open for several runs, each with its own traffic and account. Used by one thread. */
final class OpenArm implements Arm.PayloadHandler {
    private final Arm arm;
    private boolean subscribed;
    private volatile @Nullable Traffic traffic;
    private @Nullable String accounted;

    OpenArm(Arm arm) {
        this.arm = arm;
    }

    /** Connects as the first run says. */
    static OpenArm of(RunSpec first) throws Exception {
        Arm arm = Brokers.named(first.run().broker()).arm(first.run().arm());
        arm.open(first.context());
        return new OpenArm(arm);
    }

    /** Messages of a run arrived after it was over, so its result is wrong. */
    static final class LateException extends Exception {
        private static final long serialVersionUID = 1;

        LateException(String what) {
            super(what);
        }
    }

    /** From now on everything that arrives belongs to a new run. */
    Traffic begin(RunSpec spec, int windowSize, long handlerMillis) throws Exception {
        String late = late();
        if (late != null) {
            throw new LateException(late);
        }
        Traffic begun = new Traffic(spec, arm, windowSize, handlerMillis);
        traffic = begun;
        if (!subscribed) {
            subscribed = true;
            arm.subscribe(this);
        }
        return begun;
    }

    @Override
    public void handle(byte[] body) {
        Traffic current = traffic;
        if (current != null) {
            current.handle(body);
        }
    }

    @Override
    public void buried(byte[] body) {
        Traffic current = traffic;
        if (current != null) {
            current.buried(body);
        }
    }

    /** The run's account, which must not change afterwards. */
    Messages account(Traffic ended) {
        Messages balance = ended.ledger.balance();
        accounted = balance.violation();
        return balance;
    }

    /** How the last run's account has changed since, or null. */
    private @Nullable String late() {
        Traffic last = traffic;
        if (last == null) {
            return null;
        }
        String now = last.ledger.balance().violation();
        return Objects.equals(now, accounted) ? null : "after the run was over: " + now;
    }

    /** Frees everything; returns how the last run's account has changed, or null. */
    @Nullable
    String close() throws Exception {
        arm.close();
        return late();
    }
}
