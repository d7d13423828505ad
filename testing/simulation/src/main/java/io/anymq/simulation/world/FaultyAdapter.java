package io.anymq.simulation.world;

import io.anymq.inmemory.InMemoryAdapter;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerAdapter;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.ConfigOption;
import io.anymq.spi.ConnectionContext;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The in-memory adapter, perhaps with a defect, and the faults of the run on top of it. */
final class FaultyAdapter implements BrokerAdapter {
    private final BrokerAdapter adapter = new InMemoryAdapter();
    private final UnaryOperator<BrokerConnection> flaw;
    private final Faults faults;
    private final Notes notes;

    FaultyAdapter(UnaryOperator<BrokerConnection> flaw, Faults faults, Notes notes) {
        this.flaw = flaw;
        this.faults = faults;
        this.notes = notes;
    }

    @Override
    public String scheme() {
        return adapter.scheme();
    }

    @Override
    public List<ConfigOption> options() {
        return adapter.options();
    }

    @Override
    public List<String> validate(ConnectionContext context) {
        return adapter.validate(context);
    }

    @Override
    public @Nullable String invalidPhysicalName(Address address, ConnectionContext context) {
        return adapter.invalidPhysicalName(address, context);
    }

    @Override
    public BrokerConnection connect(ConnectionContext context) {
        return new FaultyConnection(
                flaw.apply(adapter.connect(context)), context.clientName(), context.timeSource(), faults, notes);
    }
}
