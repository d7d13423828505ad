package io.anymq.activemq;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.StartPosition;
import io.anymq.spi.Address;
import io.anymq.spi.ProvisionMode;
import io.anymq.spi.support.Deadline;
import jakarta.jms.JMSException;
import org.apache.activemq.command.ActiveMQQueue;

/** Creates and checks queues, virtual topics and their queues. */
final class ActiveMqProvisioner {
    private final LazyLink links;
    private final ActiveMqServer server;
    private final ActiveMqNames names;

    ActiveMqProvisioner(LazyLink links, ActiveMqServer server) {
        this.links = links;
        this.server = server;
        this.names = server.names();
    }

    void provision(Address address, ProvisionMode mode) {
        if (address instanceof Address.OfSubscription of && of.subscription().start() == StartPosition.EARLIEST) {
            throw new MessagingException(
                    ErrorCode.UNSUPPORTED,
                    address + " cannot start at EARLIEST because ActiveMQ keeps no messages for subscriptions"
                            + " that do not exist yet; use StartPosition.NOW");
        }
        if (mode == ProvisionMode.NONE || (address instanceof Address.Redelivery && server.brokerDelays())) {
            return;
        }
        Deadline deadline = Deadline.after(server.config().operationTimeout());
        OpenWireLink link = links.get(deadline.left());
        Topology topology = server.isClassic() ? new ClassicTopology(link) : new ArtemisTopology(link);
        ActiveMqDeclarations declarations = new ActiveMqDeclarations(link, topology, server);
        try {
            if (mode == ProvisionMode.CREATE) {
                declarations.create(address, () -> create(topology, address, deadline), deadline);
                return;
            }
            if (!exists(topology, address, deadline)) {
                throw new MessagingException(
                        ErrorCode.NOT_FOUND,
                        address + " does not exist; create it at the broker, or set anymq.provision=create");
            }
            declarations.check(address, deadline);
        } catch (JMSException e) {
            throw ActiveMqTranslator.error("provisioning " + address, e);
        }
    }

    private void create(Topology topology, Address address, Deadline deadline) throws JMSException {
        if (address instanceof Address.OfTopic topic) {
            topology.createTopic(names.topic(topic), deadline);
        } else if (address instanceof Address.OfSubscription of) {
            createSubscription(topology, of, deadline);
        } else {
            for (ActiveMQQueue queue : names.sources(address)) {
                topology.createQueue(queue.getPhysicalName(), deadline);
            }
        }
    }

    /** Classic copies to the queues of virtual topics; under any other name an operator must have seen to it. */
    private void createSubscription(Topology topology, Address.OfSubscription of, Deadline deadline)
            throws JMSException {
        String topic = names.topic(of.topic());
        String queue = names.subscription(of);
        if (!server.isClassic() || names.isVirtual(of)) {
            topology.createSubscription(topic, queue, deadline);
        } else if (of.physicalName() == null) {
            throw new MessagingException(
                    ErrorCode.MISMATCH,
                    of + " would receive nothing because ActiveMQ Classic copies the messages of the topic " + topic
                            + " to a queue only if it is a virtual topic; set anymq.names.subscription."
                            + of.subscription().path()
                            + " to a queue that receives the copies, or send to a virtual topic");
        } else if (!topology.hasQueue(queue, deadline)) {
            throw new MessagingException(
                    ErrorCode.NOT_FOUND,
                    of + " does not exist; create the queue " + queue + " and the forwarding of the topic " + topic
                            + " to it at the broker, or map the subscription to a queue of a virtual topic");
        }
    }

    private boolean exists(Topology topology, Address address, Deadline deadline) throws JMSException {
        if (address instanceof Address.OfTopic topic) {
            return topology.hasTopic(names.topic(topic), deadline);
        }
        if (address instanceof Address.OfSubscription of) {
            return topology.hasSubscription(names.topic(of.topic()), names.subscription(of), deadline);
        }
        for (ActiveMQQueue queue : names.sources(address)) {
            if (!topology.hasQueue(queue.getPhysicalName(), deadline)) {
                return false;
            }
        }
        return true;
    }
}
