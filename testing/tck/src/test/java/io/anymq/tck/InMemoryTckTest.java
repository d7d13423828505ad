package io.anymq.tck;

/** The whole kit on the embedded broker, with the rules of the engine, which no other adapter repeats. */
class InMemoryTckTest extends AdapterTck {
    @Override
    protected BrokerHarness harness() {
        return new InMemoryHarness();
    }

    @Override
    protected String selection() {
        String asked = super.selection();
        return asked.isEmpty() ? RuleSelection.ALL : asked;
    }
}
