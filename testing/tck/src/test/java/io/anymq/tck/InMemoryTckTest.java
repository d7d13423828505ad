package io.anymq.tck;

/** The whole kit on the embedded broker. */
class InMemoryTckTest extends AdapterTck {
    @Override
    protected BrokerHarness harness() {
        return new InMemoryHarness();
    }
}
