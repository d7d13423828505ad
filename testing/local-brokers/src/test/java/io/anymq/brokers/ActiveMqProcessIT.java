package io.anymq.brokers;

import static org.assertj.core.api.Assertions.assertThat;

/** ActiveMQ Classic. */
class ActiveMqProcessIT extends LocalProcessContract {

    @Override
    BrokerKind kind() {
        return BrokerKind.ACTIVEMQ;
    }

    @Override
    BadSetting badSetting() {
        return new BadSetting("broker.noSuchSetting", "1", "noSuchSetting", "noSuchSetting");
    }

    @Override
    boolean answers(LocalBroker broker) {
        return ActiveMqProbe.answers(broker.bootstrap());
    }

    @Override
    void use(LocalBroker broker) throws Exception {
        PlainOpenWire.send(broker.bootstrap(), "orders", "one");
        assertThat(PlainOpenWire.receive(broker.bootstrap(), "orders")).isEqualTo("one");
        assertThat(broker.describe().version()).isPresent();
    }

    /** KahaDB otherwise confirms what its writer thread has not written yet. */
    @Override
    BrokerOptions durable() {
        return OPTIONS.withDurability(Durability.POWER);
    }

    @Override
    void store(LocalBroker broker) throws Exception {
        PlainOpenWire.send(broker.bootstrap(), "orders", "stored at " + broker.bootstrap());
    }

    @Override
    void assertStored(LocalBroker broker) throws Exception {
        assertThat(PlainOpenWire.receive(broker.bootstrap(), "orders")).isEqualTo("stored at " + broker.bootstrap());
    }
}
