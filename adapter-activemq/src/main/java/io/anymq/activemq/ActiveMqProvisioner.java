package io.anymq.activemq;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.StartPosition;
import io.anymq.spi.Address;
import io.anymq.spi.ProvisionMode;
import io.anymq.spi.support.Deadline;
import jakarta.jms.JMSException;

/** Creates and checks queues, virtual topics and their queues. */
final class ActiveMqProvisioner {
    private final LazyLink links;
    private final ActiveMqConfig config;
    private final ActiveMqNames names;
    private final ServerKind kind;
    private final boolean brokerDelays;

    ActiveMqProvisioner(
            LazyLink links, ActiveMqConfig config, ActiveMqNames names, ServerKind kind, boolean brokerDelays) {
        this.links = links;
        this.config = config;
        this.names = names;
        this.kind = kind;
        this.brokerDelays = brokerDelays;
    }

    void provision(Address address, ProvisionMode mode) {
        if (address instanceof Address.OfSubscription of && of.subscription().start() == StartPosition.EARLIEST) {
            throw new MessagingException(
                    ErrorCode.UNSUPPORTED,
                    address + " cannot start at EARLIEST because ActiveMQ keeps no messages for subscriptions"
                            + " that do not exist"
                            + " yet; use StartPosition.NOW");
        }
        if (mode == ProvisionMode.NONE || (address instanceof Address.Redelivery && brokerDelays)) {
            return;
        }
        Deadline deadline = Deadline.after(config.operationTimeout());
        OpenWireLink link = links.get(deadline.left());
        Topology topology = kind == ServerKind.CLASSIC ? new ClassicTopology(link) : new ArtemisTopology(link);
        try {
            if (mode == ProvisionMode.CREATE) {
                create(topology, address, deadline);
            } else if (!exists(topology, address, deadline)) {
                throw new MessagingException(
                        ErrorCode.NOT_FOUND,
                        address + " does not exist; create it at the broker, or set anymq.provision=create");
            }
        } catch (JMSException e) {
            throw ActiveMqTranslator.error("provisioning " + address, e);
        }
    }

    private void create(Topology topology, Address address, Deadline deadline) throws JMSException {
        if (address instanceof Address.OfTopic topic) {
            topology.createTopic(names.topic(topic), deadline);
        } else if (address instanceof Address.OfSubscription of) {
            createSubscription(topology, of, deadline);
        } else if (address instanceof Address.Redelivery redelivery) {
            for (int lane = 0; lane < redelivery.lanes(); lane++) {
                topology.createQueue(names.source(address, lane).getPhysicalName(), deadline);
            }
        } else {
            topology.createQueue(names.source(address, -1).getPhysicalName(), deadline);
        }
    }

    /** Classic copies to the queues of virtual topics; under any other name an operator must have seen to it. */
    private void createSubscription(Topology topology, Address.OfSubscription of, Deadline deadline)
            throws JMSException {
        String topic = names.topic(of.topic());
        String queue = names.subscription(of);
        if (kind == ServerKind.ARTEMIS || names.isVirtual(of)) {
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
        if (address instanceof Address.Redelivery redelivery) {
            return topology.hasQueue(
                    names.source(address, redelivery.lanes() - 1).getPhysicalName(), deadline);
        }
        return topology.hasQueue(names.source(address, -1).getPhysicalName(), deadline);
    }
}
