package io.anymq.kafka;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.StartPosition;
import io.anymq.Subscription;
import io.anymq.policy.Ordering;
import io.anymq.spi.Address;
import io.anymq.spi.ProvisionMode;
import io.anymq.spi.support.Deadline;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** Creates and checks topics, and writes where a new subscription starts. Thread-safe. */
final class KafkaProvisioner {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);

    /** Longer than the longest wait in a redelivery lane, whatever the broker's own default is. */
    private static final Duration REDELIVERY_RETENTION = Duration.ofDays(7);

    private final Admin admin;
    private final KafkaConfig config;

    KafkaProvisioner(Admin admin, KafkaConfig config) {
        this.admin = admin;
        this.config = config;
    }

    void provision(Address address, ProvisionMode mode) {
        if (mode == ProvisionMode.NONE) {
            return;
        }
        Deadline deadline = Deadline.after(config.operationTimeout());
        String topic = KafkaNames.topic(address);
        TopicDescription description = describe(topic, address, deadline);
        if (description == null) {
            if (mode == ProvisionMode.VALIDATE) {
                throw notFound(address, topic);
            }
            create(topic, address, deadline);
            description = awaitVisible(topic, address, deadline);
        }
        compare(address, description);
        if (address instanceof Address.OfSubscription subscription) {
            start(subscription.subscription(), KafkaNames.group(address), description, mode, deadline);
        }
    }

    /** Checks that the topic exists and matches, for addresses that were provisioned elsewhere. */
    void check(Address address, Deadline deadline) {
        String topic = KafkaNames.topic(address);
        TopicDescription description = describe(topic, address, deadline);
        if (description == null) {
            throw notFound(address, topic);
        }
        compare(address, description);
    }

    private static MessagingException notFound(Address address, String topic) {
        return new MessagingException(
                ErrorCode.NOT_FOUND,
                address + " does not exist; create the Kafka topic " + topic + ", or set anymq.provision=create");
    }

    private static void compare(Address address, TopicDescription description) {
        int partitions = description.partitions().size();
        if (address.ordering() == Ordering.TOTAL && partitions != 1) {
            throw new MessagingException(
                    ErrorCode.MISMATCH,
                    address + " is declared with total order, which needs exactly one partition, but the Kafka topic "
                            + description.name() + " has " + partitions
                            + "; declare per-key order, or use another name");
        }
        if (address instanceof Address.Redelivery redelivery && partitions < redelivery.lanes()) {
            throw new MessagingException(
                    ErrorCode.MISMATCH,
                    "the Kafka topic " + description.name() + " needs " + redelivery.lanes() + " partitions but has "
                            + partitions + "; increase its number of partitions");
        }
    }

    private @Nullable TopicDescription describe(String topic, Address address, Deadline deadline) {
        try {
            return await(
                            admin.describeTopics(
                                            List.of(topic),
                                            new DescribeTopicsOptions().timeoutMs(deadline.millisLeft()))
                                    .allTopicNames(),
                            deadline)
                    .get(topic);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return null;
            }
            throw KafkaTranslator.error("looking for " + address, e);
        } catch (TimeoutException e) {
            throw KafkaTranslator.error("looking for " + address, e);
        }
    }

    private void create(String topic, Address address, Deadline deadline) {
        Map<String, String> settings = new HashMap<>(config.topic());
        int partitions = address.ordering() == Ordering.TOTAL ? 1 : config.partitions();
        if (address instanceof Address.Redelivery redelivery) {
            partitions = redelivery.lanes();
            settings.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(REDELIVERY_RETENTION.toMillis()));
            settings.put(TopicConfig.RETENTION_BYTES_CONFIG, "-1");
        }
        short copies = config.replicationFactor();
        NewTopic wanted = new NewTopic(
                        topic, Optional.of(partitions), copies < 0 ? Optional.empty() : Optional.of(copies))
                .configs(settings);
        try {
            await(
                    admin.createTopics(List.of(wanted), new CreateTopicsOptions().timeoutMs(deadline.millisLeft()))
                            .all(),
                    deadline);
        } catch (ExecutionException e) {
            // Another client was quicker; its topic is compared like any other.
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw KafkaTranslator.error("creating the Kafka topic " + topic + " for " + address, e);
            }
        } catch (TimeoutException e) {
            throw KafkaTranslator.error("creating the Kafka topic " + topic + " for " + address, e);
        }
    }

    /** The controller creates a topic; a little later each broker knows it and its leaders. */
    private TopicDescription awaitVisible(String topic, Address address, Deadline deadline) {
        while (true) {
            TopicDescription description = describe(topic, address, deadline);
            if (description != null && hasLeaders(description)) {
                return description;
            }
            if (deadline.passed()) {
                throw new MessagingException(
                        ErrorCode.TIMEOUT,
                        "the Kafka topic " + topic + " was created but has no leaders yet; try again and check that"
                                + " all brokers are running",
                        true,
                        null);
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
    }

    private static boolean hasLeaders(TopicDescription description) {
        for (TopicPartitionInfo partition : description.partitions()) {
            if (partition.leader() == null || partition.leader().isEmpty()) {
                return false;
            }
        }
        return !description.partitions().isEmpty();
    }

    /**
     * The positions are read before it is known whether the group has some already. So when two clients do this at the
     * same time, neither can write a position behind a message that was confirmed after the other one had finished.
     */
    private void start(
            Subscription subscription, String group, TopicDescription topic, ProvisionMode mode, Deadline deadline) {
        String action = "storing the start position of " + subscription;
        try {
            Map<TopicPartition, OffsetAndMetadata> start =
                    mode == ProvisionMode.CREATE ? positions(topic, subscription.start(), deadline) : Map.of();
            if (exists(group, topic, deadline)) {
                return;
            }
            if (mode == ProvisionMode.VALIDATE) {
                throw new MessagingException(
                        ErrorCode.NOT_FOUND,
                        subscription + " does not exist because the Kafka consumer group " + group
                                + " has no offsets; commit offsets for it, or set anymq.provision=create");
            }
            await(
                    admin.alterConsumerGroupOffsets(
                                    group,
                                    start,
                                    new AlterConsumerGroupOffsetsOptions().timeoutMs(deadline.millisLeft()))
                            .all(),
                    deadline);
        } catch (ExecutionException e) {
            // The group has consumers, so it exists.
            if (!(e.getCause() instanceof UnknownMemberIdException || e.getCause() instanceof GroupNotEmptyException)) {
                throw KafkaTranslator.error(action, e);
            }
        } catch (TimeoutException e) {
            throw KafkaTranslator.error(action, e);
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> positions(
            TopicDescription topic, StartPosition start, Deadline deadline)
            throws ExecutionException, TimeoutException {
        OffsetSpec spec = start == StartPosition.NOW ? OffsetSpec.latest() : OffsetSpec.earliest();
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        for (TopicPartitionInfo partition : topic.partitions()) {
            wanted.put(new TopicPartition(topic.name(), partition.partition()), spec);
        }
        Map<TopicPartition, ListOffsetsResultInfo> found = await(
                admin.listOffsets(wanted, new ListOffsetsOptions().timeoutMs(deadline.millisLeft()))
                        .all(),
                deadline);
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        found.forEach((partition, info) -> positions.put(partition, new OffsetAndMetadata(info.offset())));
        return positions;
    }

    private boolean exists(String group, TopicDescription topic, Deadline deadline)
            throws ExecutionException, TimeoutException {
        Map<TopicPartition, OffsetAndMetadata> committed = await(
                admin.listConsumerGroupOffsets(
                                Map.of(group, new ListConsumerGroupOffsetsSpec()),
                                new ListConsumerGroupOffsetsOptions().timeoutMs(deadline.millisLeft()))
                        .partitionsToOffsetAndMetadata(group),
                deadline);
        return committed.entrySet().stream()
                .anyMatch(entry ->
                        entry.getValue() != null && entry.getKey().topic().equals(topic.name()));
    }

    private static <T> T await(KafkaFuture<T> future, Deadline deadline) throws ExecutionException, TimeoutException {
        try {
            // The request has its own time-out of the same length; its error says more, so it may come first.
            return future.get(deadline.millisLeft() + 100L, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MessagingException(
                    ErrorCode.CLOSED, "interrupted while waiting for the broker's answer", true, e);
        }
    }
}
