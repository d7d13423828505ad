package io.anymq.activemq;

import jakarta.jms.JMSException;

/**
 * How many messages the broker sends a consumer in advance. Begins with one, until it is {@linkplain #open opened}.
 *
 * <p>Classic compares the prefetch with the messages that it has sent and that are not acknowledged. Artemis takes it
 * for new credit, whatever it has sent already, and adds to it with each acknowledgement; so it is told the difference,
 * and 0, which stops it, while more messages are here than wanted. For the receive thread.
 */
final class PrefetchControl {
    /** Tells the broker a prefetch. */
    interface Tell {
        void prefetch(int messages) throws JMSException;
    }

    private final Tell tell;
    private final boolean credits;
    private int window;
    private boolean open;

    /** Sent by the broker, and not given back to it, as Artemis counts. */
    private int used;

    /** Acknowledged as delivered only, whose acknowledgement will give nothing back. */
    private int extended;

    private boolean stopped;
    private boolean changed;

    /** {@code credits}: as Artemis does. */
    PrefetchControl(Tell tell, boolean credits, int window) {
        this.tell = tell;
        this.credits = credits;
        this.window = window;
    }

    void arrived() {
        used++;
    }

    /** The broker was told that these are done. */
    void acknowledged(int count) {
        used -= count;
        if (extended > 0) {
            extended -= count;
            used += extended >= 0 ? count : 0;
        }
        changed = true;
    }

    /** The broker was told to send others instead of these, which are not done. */
    void extended(int count) {
        used -= count;
        extended += count;
    }

    /** The whole window from now on. */
    void open() throws JMSException {
        open = true;
        tell();
    }

    /** The number of messages wanted. */
    void window(int messages) throws JMSException {
        if (window != messages) {
            window = messages;
            if (open) {
                tell();
            }
        }
    }

    /** After acknowledgements: lets a broker go on that was stopped. */
    void adjust() throws JMSException {
        if (stopped && changed) {
            tell();
        }
    }

    private void tell() throws JMSException {
        changed = false;
        int prefetch = credits ? Math.max(0, window - used) : window;
        stopped = prefetch == 0;
        tell.prefetch(prefetch);
    }
}
