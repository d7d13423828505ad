package io.anymq.tck;

import io.anymq.spi.Address;
import io.anymq.spi.BrokerBrowser;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.LaneListener;
import io.anymq.spi.OutboundMessage;
import io.anymq.spi.ReceiverOptions;
import io.anymq.spi.SenderOptions;
import io.anymq.tck.wrap.ForwardingConnection;
import io.anymq.tck.wrap.ForwardingReceiver;
import io.anymq.tck.wrap.ForwardingSender;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Gives each message another form on its way to the broker, and takes it off on the way back. */
final class TranslatingConnection extends ForwardingConnection {
    private final Function<OutboundMessage, List<OutboundMessage>> out;
    private final UnaryOperator<InboundMessage> in;

    TranslatingConnection(
            BrokerConnection connection,
            Function<OutboundMessage, List<OutboundMessage>> out,
            UnaryOperator<InboundMessage> in) {
        super(connection);
        this.out = out;
        this.in = in;
    }

    @Override
    public BrokerSender openSender(Address address, SenderOptions options) {
        return new ForwardingSender(super.openSender(address, options)) {
            @Override
            protected List<? extends OutboundMessage> forward(OutboundMessage message) {
                return out.apply(message);
            }
        };
    }

    @Override
    public BrokerBrowser openBrowser(Address.OfSource address) {
        BrokerBrowser browser = super.openBrowser(address);
        return new BrokerBrowser() {
            @Override
            public List<? extends InboundMessage> next(int max) {
                return browser.next(max).stream().map(in).toList();
            }

            @Override
            public void close(Duration timeout) {
                browser.close(timeout);
            }
        };
    }

    @Override
    public BrokerReceiver openReceiver(Address address, ReceiverOptions options, LaneListener listener) {
        return new ForwardingReceiver(super.openReceiver(address, options, listener)) {
            @Override
            public List<? extends InboundMessage> receive(int max, Duration wait) {
                List<InboundMessage> messages = new ArrayList<>();
                super.receive(max, wait).forEach(message -> messages.add(in.apply(message)));
                return messages;
            }
        };
    }
}
