package io.anymq.brokers;

/** The broker at hand does not allow this fault; ask {@link LocalBroker#faults()} first. */
public final class UnsupportedFaultException extends LocalBrokerException {
    private static final long serialVersionUID = 1L;

    private final Fault fault;

    UnsupportedFaultException(Fault fault, String reason) {
        super("fault " + fault + " cannot be injected: " + reason);
        this.fault = fault;
    }

    /**
     * The fault that was asked for.
     *
     * @return the fault
     */
    public Fault fault() {
        return fault;
    }
}
