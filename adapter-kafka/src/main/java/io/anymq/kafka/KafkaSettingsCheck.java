package io.anymq.kafka;

import io.anymq.spi.ConfigValues;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/** Finds native settings that are malformed, or that would break AnyMQ's guarantees. */
final class KafkaSettingsCheck {
    private static final List<Refusal> REFUSALS = List.of(
            new Refusal("bootstrap.servers", "set the brokers with anymq.url"),
            new Refusal("client.id", "AnyMQ gives each client a unique name"),
            new Refusal("key.serializer", "AnyMQ sends bytes; use a codec instead"),
            new Refusal("value.serializer", "AnyMQ sends bytes; use a codec instead"),
            new Refusal("key.deserializer", "AnyMQ receives bytes; use a codec instead"),
            new Refusal("value.deserializer", "AnyMQ receives bytes; use a codec instead"),
            new Refusal(
                    "acks",
                    value -> !value.equals("all") && !value.equals("-1"),
                    "acks must be all because a confirmed message must be on every in-sync replica"),
            new Refusal(
                    "enable.idempotence",
                    value -> !value.equals("true"),
                    "without it, a retry stores a message twice and breaks the order of its key"),
            new Refusal(
                    "max.in.flight.requests.per.connection",
                    value -> !value.matches("[1-5]"),
                    "more than 5 would break the order of a key"),
            new Refusal("retries", "retries are limited by anymq.producer.send-timeout"),
            new Refusal("delivery.timeout.ms", "it is derived from anymq.producer.send-timeout"),
            new Refusal("max.block.ms", "it is derived from anymq.producer.send-timeout"),
            new Refusal("max.request.size", "set anymq.kafka.max-message instead"),
            new Refusal("transactional.id", "AnyMQ does not use Kafka transactions"),
            new Refusal("transaction.two.phase.commit.enable", "AnyMQ does not use Kafka transactions"),
            new Refusal("partitioner.class", "all messages of a key must go to the same partition, from every sender"),
            new Refusal(
                    "partitioner.ignore.keys",
                    value -> !value.equals("false"),
                    "all messages of a key must go to the same partition"),
            new Refusal("group.id", "the group is named after the queue or subscription"),
            new Refusal("group.protocol", "set anymq.kafka.group-protocol instead"),
            new Refusal("group.instance.id", "two consumers in one process would evict each other from the group"),
            new Refusal(
                    "partition.assignment.strategy",
                    "all members of a group must use the same strategy, and some revoke without warning"),
            new Refusal(
                    "enable.auto.commit",
                    value -> !value.equals("false"),
                    "messages would be settled before they are handled and lost in a crash"),
            new Refusal(
                    "auto.offset.reset", "the start of a subscription is set by StartPosition when it is provisioned"),
            new Refusal(
                    "allow.auto.create.topics",
                    value -> !value.equals("false"),
                    "anymq.provision decides whether topics are created"),
            new Refusal(
                    "cleanup.policy",
                    value -> value.contains("compact"),
                    "compaction deletes older messages of a key, whether handled or not"));

    /** Kafka's client opens these itself, and fails then without saying which one is missing. */
    private static final List<String> STORES =
            List.of(SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG, SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG);

    private KafkaSettingsCheck() {}

    /** A setting that is refused for all values, or for those that {@code when} holds for. */
    private record Refusal(String name, @Nullable Predicate<String> when, String reason) {
        Refusal(String name, String reason) {
            this(name, null, reason);
        }

        boolean concerns(String value) {
            return when == null || when.test(value.trim().toLowerCase(Locale.ROOT));
        }
    }

    static List<String> producerNames() {
        return allowed(ProducerConfig.configNames());
    }

    static List<String> consumerNames() {
        return allowed(ConsumerConfig.configNames());
    }

    static List<String> adminNames() {
        return allowed(AdminClientConfig.configNames());
    }

    /** Settings shared by all three kinds of client. */
    static List<String> commonNames() {
        TreeSet<String> names = new TreeSet<>(ProducerConfig.configNames());
        names.retainAll(ConsumerConfig.configNames());
        names.retainAll(AdminClientConfig.configNames());
        return allowed(names);
    }

    /** The vendor has no list of them, but names each in a constant. */
    static List<String> topicNames() {
        return allowed(Stream.of(TopicConfig.class.getFields())
                .filter(field -> field.getName().endsWith("_CONFIG"))
                .map(KafkaSettingsCheck::text)
                .toList());
    }

    private static String text(Field constant) {
        try {
            return (String) constant.get(null);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("a public constant is not accessible", e);
        }
    }

    /** Suggestions for misspellings; settings that are always refused are not among them. */
    private static List<String> allowed(Collection<String> names) {
        return names.stream().sorted().toList();
    }

    /** One sentence per mistake in the pass-through settings. */
    static List<String> problems(ConfigValues config) {
        List<String> problems = new ArrayList<>();
        check(config, KafkaConfig.COMMON, AdminClientConfig.configDef(), problems);
        check(config, KafkaConfig.ADMIN, AdminClientConfig.configDef(), problems);
        check(config, KafkaConfig.PRODUCER, ProducerConfig.configDef(), problems);
        check(config, KafkaConfig.CONSUMER, ConsumerConfig.configDef(), problems);
        // The values of topic settings are checked by the broker that creates the topic.
        check(config, KafkaConfig.TOPIC, new ConfigDef(), problems);
        return problems;
    }

    private static void check(ConfigValues config, String prefix, ConfigDef known, List<String> problems) {
        Map<String, String> remaining = new LinkedHashMap<>(config.passThrough(prefix));
        for (Refusal refusal : REFUSALS) {
            String value = remaining.get(refusal.name());
            if (value != null && refusal.concerns(value)) {
                remaining.remove(refusal.name());
                problems.add("anymq.kafka." + prefix + refusal.name() + " cannot be set"
                        + (refusal.when() == null ? "" : " to this value") + ": " + refusal.reason());
            }
        }
        for (String store : STORES) {
            String file = remaining.get(store);
            if (file != null && !Files.isReadable(Path.of(file))) {
                problems.add("anymq.kafka." + prefix + store + ": the file " + file + " cannot be read");
            }
        }
        if (remaining.isEmpty()) {
            return;
        }
        for (ConfigValue value : known.validate(remaining)) {
            if (remaining.containsKey(value.name()) && !value.errorMessages().isEmpty()) {
                // Later messages are consequences of the first.
                problems.add("anymq.kafka." + prefix + value.name() + ": "
                        + value.errorMessages().get(0));
            }
        }
    }
}
