package io.anymq.kafka;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.StartPosition;
import io.anymq.policy.Ordering;
import io.anymq.spi.Address;
import io.anymq.spi.ProvisionMode;
import io.anymq.spi.support.Deadline;
import io.anymq.spi.support.LogProvisioner;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
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
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates and checks topics, and writes where a new subscription starts. Thread-safe. */
final class KafkaProvisioner extends LogProvisioner<TopicDescription, TopicPartition> {
    /** Longer than the longest wait in a redelivery lane, whatever the broker's own default is. */
    private static final Duration REDELIVERY_RETENTION = Duration.ofDays(7);

    private static final Logger LOG = LoggerFactory.getLogger(KafkaProvisioner.class);

    private final Admin admin;
    private final KafkaConfig config;
    private final KafkaDeclarations declarations;

    KafkaProvisioner(Admin admin, KafkaConfig config) {
        super(config.operationTimeout(), "Kafka", "partition", "consumer group");
        this.admin = admin;
        this.config = config;
        this.declarations = new KafkaDeclarations(config, this::declarationsAreThere);
    }

    @Override
    protected String topic(Address address) {
        return KafkaNames.topic(address);
    }

    @Override
    protected String group(Address.OfSource address) {
        return KafkaNames.group(address);
    }

    @Override
    protected int partitions(TopicDescription topic) {
        return topic.partitions().size();
    }

    /** Checks that the topic exists and matches, for addresses that were provisioned elsewhere. */
    TopicDescription check(Address address) {
        return checked(address, find(address, Deadline.after(config.operationTimeout())));
    }

    /**
     * Waits until the brokers that lead the topic's partitions have their logs, which is a little later than the
     * controller names them. Before that they refuse what is sent; and where they refuse the first batch of a producer
     * and take its second one, which they are asked to do at the same time, the first is out of order for good.
     */
    void awaitLogs(TopicDescription topic) {
        try {
            var unused = offsets(
                    topic.name(),
                    topic.partitions().stream().filter(KafkaProvisioner::hasLeader),
                    OffsetSpec.earliest(),
                    Deadline.after(config.operationTimeout()));
        } catch (MessagingException e) {
            // a topic that has been there for long, with a leader that does not answer; the others can be sent to
            LOG.debug("Not all leaders of {} have answered", topic.name(), e);
        }
    }

    @Override
    protected void requireUsable(Address address, TopicDescription topic) {
        if (address instanceof Address.Redelivery redelivery && partitions(topic) < redelivery.lanes()) {
            throw new MessagingException(
                    ErrorCode.MISMATCH,
                    "the Kafka topic " + topic.name() + " needs " + redelivery.lanes() + " partitions but has "
                            + partitions(topic) + "; increase its number of partitions");
        }
    }

    @Override
    protected void declare(Address address, TopicDescription topic, ProvisionMode mode, Deadline deadline) {
        declarations.require(address, topic, mode == ProvisionMode.CREATE, deadline);
    }

    private boolean declarationsAreThere(boolean create, Deadline deadline) {
        String topic = KafkaDeclarations.TOPIC;
        if (find(topic, "the Kafka topic " + topic, deadline) != null) {
            return true;
        }
        if (create) {
            NewTopic wanted = newTopic(topic, 1)
                    .configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
            create(wanted, "how topics are declared", deadline);
        }
        return create;
    }

    void close(Duration timeout) {
        declarations.close(timeout);
    }

    @Override
    protected @Nullable TopicDescription find(Address address, Deadline deadline) {
        return find(KafkaNames.topic(address), address.toString(), deadline);
    }

    private @Nullable TopicDescription find(String topic, String what, Deadline deadline) {
        DescribeTopicsOptions options = new DescribeTopicsOptions().timeoutMs(deadline.millisLeft());
        try {
            return await(
                            "looking for " + what,
                            admin.describeTopics(List.of(topic), options).allTopicNames(),
                            deadline)
                    .get(topic);
        } catch (MessagingException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return null;
            }
            throw e;
        }
    }

    @Override
    protected TopicDescription create(Address address, Deadline deadline) {
        String topic = KafkaNames.topic(address);
        Map<String, String> settings = new HashMap<>(config.topic(address));
        int partitions = address.ordering() == Ordering.TOTAL ? 1 : config.partitions();
        if (address instanceof Address.Redelivery redelivery) {
            partitions = redelivery.lanes();
            settings.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(REDELIVERY_RETENTION.toMillis()));
            settings.put(TopicConfig.RETENTION_BYTES_CONFIG, "-1");
            // the clocks of consumers' hosts need not agree then
            settings.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, TimestampType.LOG_APPEND_TIME.name);
        }
        return create(newTopic(topic, partitions).configs(settings), address.toString(), deadline);
    }

    private NewTopic newTopic(String topic, int partitions) {
        short copies = config.replicationFactor();
        return new NewTopic(topic, Optional.of(partitions), copies < 0 ? Optional.empty() : Optional.of(copies));
    }

    private TopicDescription create(NewTopic wanted, String purpose, Deadline deadline) {
        String topic = wanted.name();
        CreateTopicsOptions options = new CreateTopicsOptions().timeoutMs(deadline.millisLeft());
        try {
            await(
                    "creating the Kafka topic " + topic + " for " + purpose,
                    admin.createTopics(List.of(wanted), options).all(),
                    deadline);
        } catch (MessagingException e) {
            // Another client was quicker; its topic is compared like any other.
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
        // The controller creates a topic; a little later each broker knows it and its leaders.
        return await(
                () -> Optional.ofNullable(find(topic, purpose, deadline)).filter(KafkaProvisioner::hasLeaders),
                deadline,
                "the Kafka topic " + topic + " was created but has no leaders yet; try again and check that all"
                        + " brokers are running");
    }

    private static boolean hasLeaders(TopicDescription topic) {
        return !topic.partitions().isEmpty() && topic.partitions().stream().allMatch(KafkaProvisioner::hasLeader);
    }

    private static boolean hasLeader(TopicPartitionInfo partition) {
        return partition.leader() != null && !partition.leader().isEmpty();
    }

    @Override
    protected Map<TopicPartition, Long> offsets(TopicDescription topic, StartPosition start, Deadline deadline) {
        OffsetSpec spec = start == StartPosition.NOW ? OffsetSpec.latest() : OffsetSpec.earliest();
        return offsets(topic.name(), topic.partitions().stream(), spec, deadline);
    }

    private Map<TopicPartition, Long> offsets(
            String topic, Stream<TopicPartitionInfo> partitions, OffsetSpec spec, Deadline deadline) {
        Map<TopicPartition, OffsetSpec> wanted = partitions.collect(
                Collectors.toMap(partition -> new TopicPartition(topic, partition.partition()), partition -> spec));
        ListOffsetsOptions options = new ListOffsetsOptions().timeoutMs(deadline.millisLeft());
        Map<TopicPartition, Long> offsets = new HashMap<>();
        await(
                        "reading offsets of the Kafka topic " + topic,
                        admin.listOffsets(wanted, options).all(),
                        deadline)
                .forEach((partition, found) -> offsets.put(partition, found.offset()));
        return offsets;
    }

    @Override
    protected boolean hasOffsets(String group, TopicDescription topic, Deadline deadline) {
        ListConsumerGroupOffsetsOptions options =
                new ListConsumerGroupOffsetsOptions().timeoutMs(deadline.millisLeft());
        Map<TopicPartition, OffsetAndMetadata> committed = await(
                "reading the offsets of the Kafka consumer group " + group,
                admin.listConsumerGroupOffsets(Map.of(group, new ListConsumerGroupOffsetsSpec()), options)
                        .partitionsToOffsetAndMetadata(group),
                deadline);
        return committed.entrySet().stream()
                .anyMatch(entry ->
                        entry.getValue() != null && entry.getKey().topic().equals(topic.name()));
    }

    @Override
    protected void store(String group, Map<TopicPartition, Long> offsets, Deadline deadline) {
        Map<TopicPartition, OffsetAndMetadata> start = new HashMap<>();
        offsets.forEach((partition, offset) -> start.put(partition, new OffsetAndMetadata(offset)));
        AlterConsumerGroupOffsetsOptions options =
                new AlterConsumerGroupOffsetsOptions().timeoutMs(deadline.millisLeft());
        try {
            await(
                    "storing the start offsets of the Kafka consumer group " + group,
                    admin.alterConsumerGroupOffsets(group, start, options).all(),
                    deadline);
        } catch (MessagingException e) {
            // The group has consumers, so it exists.
            if (!(e.getCause() instanceof UnknownMemberIdException || e.getCause() instanceof GroupNotEmptyException)) {
                throw e;
            }
        }
    }

    private static <T> T await(String action, KafkaFuture<T> future, Deadline deadline) {
        try {
            // The request has its own time-out of the same length; its error says more, so it may come first.
            return future.get(deadline.millisLeft() + 100L, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw KafkaTranslator.error(action, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw KafkaTranslator.error(action, e);
        }
    }
}
