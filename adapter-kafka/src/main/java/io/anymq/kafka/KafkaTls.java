package io.anymq.kafka;

import io.anymq.spi.ConfigValues;
import io.anymq.spi.support.TlsStores;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;

/** The options of {@link TlsStores} in the terms of Kafka's client. */
final class KafkaTls {
    /** Native settings that the options replace; together it would be open which of them counts. */
    private static final Map<String, String> REPLACED = Map.of(
            SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG, TlsStores.TRUST_STORE,
            SslConfigs.SSL_TRUSTSTORE_PASSWORD_CONFIG, TlsStores.TRUST_STORE_PASSWORD,
            SslConfigs.SSL_TRUSTSTORE_CERTIFICATES_CONFIG, TlsStores.TRUST_STORE,
            SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG, TlsStores.KEY_STORE,
            SslConfigs.SSL_KEYSTORE_PASSWORD_CONFIG, TlsStores.KEY_STORE_PASSWORD,
            SslConfigs.SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG, TlsStores.KEY_STORE,
            SslConfigs.SSL_KEYSTORE_KEY_CONFIG, TlsStores.KEY_STORE,
            SslConfigs.SSL_KEY_PASSWORD_CONFIG, TlsStores.KEY_STORE_PASSWORD,
            SslConfigs.SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG, TlsStores.VERIFY_HOST,
            SslConfigs.SSL_ENGINE_FACTORY_CLASS_CONFIG, TlsStores.TRUST_STORE);

    private KafkaTls() {}

    /** The settings that go over all others; none without TLS. */
    static Map<String, Object> settings(ConfigValues config) {
        if (!config.flag(TlsStores.TLS)) {
            return Map.of();
        }
        Map<String, Object> settings = new HashMap<>();
        settings.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, protocol(config));
        settings.put(
                SslConfigs.SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG,
                config.flag(TlsStores.VERIFY_HOST) ? "https" : "");
        copy(config, TlsStores.TRUST_STORE, settings, SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG);
        copy(config, TlsStores.TRUST_STORE_PASSWORD, settings, SslConfigs.SSL_TRUSTSTORE_PASSWORD_CONFIG);
        copy(config, TlsStores.KEY_STORE, settings, SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG);
        copy(config, TlsStores.KEY_STORE_PASSWORD, settings, SslConfigs.SSL_KEYSTORE_PASSWORD_CONFIG);
        return settings;
    }

    /** Without a mechanism, there is nothing to log in with. */
    private static String protocol(ConfigValues config) {
        return config.passThrough(KafkaConfig.COMMON).containsKey(SaslConfigs.SASL_MECHANISM) ? "SASL_SSL" : "SSL";
    }

    private static void copy(ConfigValues config, String option, Map<String, Object> settings, String setting) {
        config.text(option).ifPresent(value -> settings.put(setting, value));
    }

    /** One sentence per mistake. */
    static List<String> problems(ConfigValues config) {
        List<String> problems = new ArrayList<>(TlsStores.problems(config, "anymq.kafka."));
        if (!config.flag(TlsStores.TLS)) {
            return problems;
        }
        for (String prefix :
                List.of(KafkaConfig.COMMON, KafkaConfig.PRODUCER, KafkaConfig.CONSUMER, KafkaConfig.ADMIN)) {
            Map<String, String> given = config.passThrough(prefix);
            given.keySet().stream()
                    .filter(REPLACED::containsKey)
                    .sorted()
                    .forEach(name -> problems.add(
                            "anymq.kafka." + prefix + name + " cannot be set with anymq.kafka.tls=true; set"
                                    + " anymq.kafka." + REPLACED.get(name) + " instead"));
            String protocol = given.get(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG);
            if (protocol != null && !protocol.trim().toUpperCase(Locale.ROOT).equals(protocol(config))) {
                problems.add("anymq.kafka." + prefix + CommonClientConfigs.SECURITY_PROTOCOL_CONFIG
                        + " contradicts anymq.kafka.tls=true, which means " + protocol(config)
                        + "; remove one of them");
            }
        }
        return problems;
    }
}
