package io.anymq.rabbitmq;

import com.rabbitmq.client.Connection;
import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import java.util.Map;

/**
 * What depends on the server's version, all in one place. Deliberately little: queues are declared with every argument
 * whose default has changed between 3.10 and 4.x ({@code x-queue-type}, {@code x-delivery-limit}), and attempts are not
 * counted with {@code x-delivery-count}, which 4.x increments on other occasions than 3.x does.
 *
 * @param product usually {@code RabbitMQ}
 * @param version such as {@code 3.10.8}
 */
record RabbitMqServer(String product, String version) {
    /** Quorum queues know time-outs and confirmed dead-lettering, which delays need, since this version. */
    private static final String OLDEST = "3.10";

    static RabbitMqServer of(Connection connection) {
        Map<String, Object> properties = connection.getServerProperties();
        return new RabbitMqServer(String.valueOf(properties.get("product")), String.valueOf(properties.get("version")));
    }

    void requireSupported(String where) {
        if (product.equals("RabbitMQ") && (major() < 3 || (major() == 3 && part(1) < 10))) {
            throw new MessagingException(
                    ErrorCode.UNSUPPORTED,
                    where + " is version " + version + "; AnyMQ needs " + OLDEST
                            + " or newer, because older quorum queues cannot delay: upgrade the server");
        }
    }

    int major() {
        return part(0);
    }

    private int part(int index) {
        String[] parts = version.split("[^0-9]+");
        return index < parts.length && !parts[index].isEmpty() && parts[index].length() < 6
                ? Integer.parseInt(parts[index])
                : 0;
    }
}
