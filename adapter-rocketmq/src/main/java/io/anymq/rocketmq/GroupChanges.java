package io.anymq.rocketmq;

/** Carries a broker's word that a group has changed from the client's thread to the receiver's. Thread-safe. */
final class GroupChanges implements Runnable {
    private volatile boolean changed;
    private volatile Runnable listener = () -> {};

    /** Calls {@code listener} after each change. */
    void tell(Runnable listener) {
        this.listener = listener;
    }

    @Override
    public void run() {
        changed = true;
        listener.run();
    }

    /** Whether it has changed since this was asked. */
    boolean take() {
        boolean was = changed;
        changed = false;
        return was;
    }

    boolean isThere() {
        return changed;
    }
}
