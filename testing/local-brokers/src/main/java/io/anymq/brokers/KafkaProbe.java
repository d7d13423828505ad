package io.anymq.brokers;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.common.KafkaException;

/** Asks a Kafka broker, in its protocol, whether it is ready. */
final class KafkaProbe {
    private static final int ATTEMPT_MILLIS = 2_000;

    private KafkaProbe() {}

    /** Whether the cluster has at least one broker that is registered and not fenced. */
    static boolean answers(String bootstrap) {
        try (Admin admin = admin(bootstrap)) {
            return !admin.describeCluster(new DescribeClusterOptions().timeoutMs(ATTEMPT_MILLIS))
                    .nodes()
                    .get(ATTEMPT_MILLIS + 500, TimeUnit.MILLISECONDS)
                    .isEmpty();
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalBrokerException("interrupted while waiting for Kafka at " + bootstrap, e);
        }
    }

    static void awaitAnswer(String bootstrap, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        do {
            try {
                if (answers(bootstrap)) {
                    return;
                }
            } catch (KafkaException e) {
                throw new LocalBrokerException("'" + bootstrap + "' cannot be used: " + e.getMessage(), e);
            }
        } while (System.nanoTime() < deadline);
        throw new LocalBrokerException("no Kafka broker answered at " + bootstrap + " within " + timeout.toSeconds()
                + " s; check that it runs and that its advertised listeners can be reached from here");
    }

    private static Admin admin(String bootstrap) {
        return Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrap,
                AdminClientConfig.CLIENT_ID_CONFIG,
                "local-brokers-probe",
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                ATTEMPT_MILLIS,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                ATTEMPT_MILLIS,
                AdminClientConfig.RECONNECT_BACKOFF_MS_CONFIG,
                50,
                AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                200));
    }
}
