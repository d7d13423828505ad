package io.anymq.tck.flaw;

import io.anymq.spi.Address;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.LaneListener;
import io.anymq.spi.ProvisionMode;
import io.anymq.spi.ReceiverOptions;
import io.anymq.spi.SenderOptions;
import io.anymq.tck.wrap.ForwardingConnection;
import io.anymq.tck.wrap.ForwardingReceiver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;

/** Defects of adapters that are given physical names. */
final class NameFlaws {
    private NameFlaws() {}

    private static Address inCode(Address address) {
        if (address instanceof Address.OfTopic topic) {
            return new Address.OfTopic(topic.topic());
        }
        return address instanceof Address.OfSource source ? Address.OfSource.of(source.source()) : address;
    }

    static UnaryOperator<BrokerConnection> ignoresPhysicalNames() {
        return ConnectionFlaws.readdressing(NameFlaws::inCode);
    }

    static UnaryOperator<BrokerConnection> ignoresNamesOfSubscriptions() {
        return ConnectionFlaws.readdressing(address -> address instanceof Address.OfSubscription of
                ? new Address.OfSubscription(of.subscription(), null, of.topic())
                : address);
    }

    static UnaryOperator<BrokerConnection> sendsElsewhere() {
        return connection -> new ForwardingConnection(connection) {
            @Override
            public BrokerSender openSender(Address address, SenderOptions options) {
                super.provision(inCode(address), ProvisionMode.CREATE);
                return super.openSender(inCode(address), options);
            }
        };
    }

    static UnaryOperator<BrokerConnection> createsMapped() {
        return connection -> new ForwardingConnection(connection) {
            @Override
            public void provision(Address address, ProvisionMode mode) {
                super.provision(address, address.physicalName() == null ? mode : ProvisionMode.CREATE);
            }
        };
    }

    static UnaryOperator<BrokerConnection> letsOrderGo() {
        return connection -> new ForwardingConnection(connection) {
            @Override
            public BrokerReceiver openReceiver(Address address, ReceiverOptions options, LaneListener listener) {
                BrokerReceiver receiver = super.openReceiver(address, options, listener);
                return address.physicalName() == null ? receiver : reversing(receiver);
            }
        };
    }

    private static BrokerReceiver reversing(BrokerReceiver receiver) {
        return new ForwardingReceiver(receiver) {
            @Override
            public List<? extends InboundMessage> receive(int max, Duration wait) {
                List<InboundMessage> reversed = new ArrayList<>(super.receive(max, wait));
                Collections.reverse(reversed);
                return reversed;
            }
        };
    }
}
