package io.anymq.rocketmq;

import java.time.Duration;
import org.apache.rocketmq.remoting.protocol.heartbeat.HeartbeatData;

/** Asks a broker for a sign of life, without the right to administrate it: a heartbeat of nobody. */
final class BrokerSign {
    private BrokerSign() {}

    static void ask(RocketMqClient client, String address, Duration timeout) {
        HeartbeatData nobody = new HeartbeatData();
        nobody.setClientID("anymq");
        client.order(
                "asking the broker " + address,
                api -> api.sendHeartbeat(address, nobody, Math.max(1, timeout.toMillis())));
    }
}
