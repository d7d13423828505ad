package io.anymq.brokers;

/**
 * A RabbitMQ node that was started here as a process, alone or in a {@link RabbitMqCluster}. It takes Erlang expressions,
 * which is how tests raise alarms and create users, and can be stopped as an operator would.
 *
 * <pre>{@code
 * if (broker instanceof RabbitMqNode node) {
 *     node.eval("vm_memory_monitor:set_vm_memory_high_watermark(0)");
 * }
 * }</pre>
 */
public interface RabbitMqNode extends LocalBroker {
    /**
     * Evaluates an expression inside the node. Blocks at most 15 s.
     *
     * @param expression without its full stop; given as is, so never let a stranger write it
     * @return its value as Erlang prints it
     * @throws LocalBrokerException if the node is down, or the expression fails
     */
    String eval(String expression);

    /**
     * Stops the node in an orderly way, and returns once its process is gone: it closes connections and hands over what
     * others can take. {@link #restart} starts it again. Blocks at most 60 s; does nothing if it is down.
     *
     * @throws LocalBrokerException if the node is suspended or does not end in time
     */
    void stop();
}
