package io.anymq.rocketmq;

import java.time.Duration;
import org.apache.rocketmq.remoting.protocol.heartbeat.HeartbeatData;

/** Checks that a broker is alive without admin rights: sends a heartbeat without groups. */
final class BrokerSign {
    private BrokerSign() {}

    static void ask(RocketMqClient client, String address, Duration timeout) {
        HeartbeatData empty = new HeartbeatData();
        empty.setClientID("anymq");
        client.order(
                "probing the broker " + address,
                api -> api.sendHeartbeat(address, empty, Math.max(1, timeout.toMillis())));
    }
}
