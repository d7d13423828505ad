package io.anymq.bench.measure;

import io.anymq.bench.arm.Arm;
import io.anymq.bench.broker.Brokers;
import org.jspecify.annotations.Nullable;

/** An arm that stays open for several runs, each with traffic and accounts of its own. Used by one thread. */
final class OpenArm implements Arm.PayloadHandler {
    private final Arm arm;
    private boolean subscribed;
    private volatile @Nullable Traffic traffic;
    private String accounted = "";

    OpenArm(Arm arm) {
        this.arm = arm;
    }

    /** Connects as the first run says. */
    static OpenArm of(RunSpec first) throws Exception {
        Arm arm = Brokers.named(first.broker()).arm(first.arm());
        arm.open(first.context());
        return new OpenArm(arm);
    }

    /** Something came of a run's messages after the run was over, so its result is wrong. */
    static final class LateException extends Exception {
        private static final long serialVersionUID = 1;

        LateException(String what) {
            super(what);
        }
    }

    /** From now on whatever arrives belongs to a new run. */
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

    /** The run's account, which must not change any more. */
    Ledger.Balance account(Traffic ended) {
        Ledger.Balance balance = ended.ledger.balance();
        accounted = balance.violation();
        return balance;
    }

    /** What has happened to the last run's messages since they were accounted for, or null. */
    private @Nullable String late() {
        Traffic last = traffic;
        if (last == null) {
            return null;
        }
        String now = last.ledger.balance().violation();
        return now.equals(accounted) ? null : "after the run was over: " + now;
    }

    /** Frees everything; returns what came of the last run after it was accounted for, or null. */
    @Nullable
    String close() throws Exception {
        arm.close();
        return late();
    }
}
