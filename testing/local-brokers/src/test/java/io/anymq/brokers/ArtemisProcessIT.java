package io.anymq.brokers;

/** ActiveMQ Artemis, which is spoken to like ActiveMQ Classic. */
class ArtemisProcessIT extends ActiveMqProcessIT {

    @Override
    BrokerKind kind() {
        return BrokerKind.ARTEMIS;
    }

    @Override
    BadSetting badSetting() {
        return new BadSetting("no-such-setting", "1", "no-such-setting", "no-such-setting");
    }
}
