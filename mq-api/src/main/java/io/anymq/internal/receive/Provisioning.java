package io.anymq.internal.receive;

import io.anymq.Source;
import io.anymq.internal.receive.redelivery.Redelivery;
import io.anymq.internal.support.EngineContext;
import io.anymq.spi.Address;
import io.anymq.spi.Capability;

/** Creates or checks what a consumer of a source needs, as the client's provision mode says. */
final class Provisioning {
    private Provisioning() {}

    /** The source, and where the engine emulates delay, its way back. */
    static void provision(EngineContext engine, Source source) {
        Address.OfSource address = engine.addresses().of(source);
        if (address instanceof Address.OfSubscription subscription) {
            engine.connection().provision(subscription.topic(), engine.provisionMode());
        }
        engine.connection().provision(address, engine.provisionMode());
        if (engine.capabilities().has(Capability.DELAY)) {
            engine.connection().provision(Redelivery.address(address), engine.provisionMode());
        }
    }
}
