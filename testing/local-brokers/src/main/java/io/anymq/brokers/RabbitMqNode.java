package io.anymq.brokers;

/**
 * Operations on a RabbitMQ node beyond those of a {@link LocalBroker}: a node that was started here as a process takes
 * Erlang expressions, which is how tests raise alarms and create users.
 *
 * <pre>{@code
 * if (broker instanceof RabbitMqNode node) {
 *     node.eval("vm_memory_monitor:set_vm_memory_high_watermark(0)");
 * }
 * }</pre>
 */
public interface RabbitMqNode {
    /**
     * Evaluates an expression inside the node. Blocks at most 15 s.
     *
     * @param expression without its full stop; given as is, so never let a stranger write it
     * @return its value as Erlang prints it
     * @throws LocalBrokerException if the node is down, or the expression fails
     */
    String eval(String expression);
}
