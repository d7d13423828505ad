package io.anymq.tck.example;

import io.anymq.tck.AdapterTck;
import io.anymq.tck.BrokerHarness;

class ExampleTck extends AdapterTck {
    @Override
    protected BrokerHarness harness() {
        return new ExampleHarness();
    }
}
