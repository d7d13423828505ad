package io.anymq.spi.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.Queue;
import io.anymq.StartPosition;
import io.anymq.Topic;
import io.anymq.spi.Address;
import io.anymq.spi.ProvisionMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LogProvisionerTest {
    private static final Address QUEUE = new Address.OfQueue(Queue.of("q"));
    private static final Address SUBSCRIPTION =
            new Address.OfSubscription(Topic.of("t").subscription("s"));

    /** A broker with topics, each of a number of partitions, and groups with offsets. */
    private static final class Provisioner extends LogProvisioner<Integer, Integer> {
        final Map<String, Integer> topics = new HashMap<>();
        final Map<String, Map<Integer, Long>> groups = new HashMap<>();
        final List<String> steps = new ArrayList<>();

        Provisioner() {
            super(Duration.ofSeconds(10), "Stub", "part", "reader");
        }

        @Override
        protected String topic(Address address) {
            return address instanceof Address.OfQueue queue ? queue.queue().name() : "t";
        }

        @Override
        protected String group(Address.OfSource address) {
            return "g-" + topic(address);
        }

        @Override
        protected @Nullable Integer find(Address address, Deadline deadline) {
            return topics.get(topic(address));
        }

        @Override
        protected Integer create(Address address, Deadline deadline) {
            steps.add("create " + topic(address));
            topics.put(topic(address), 2);
            return 2;
        }

        @Override
        protected int partitions(Integer topic) {
            return topic;
        }

        @Override
        protected void createGroup(Address.OfSource address, Integer topic, Deadline deadline) {
            steps.add("create group " + group(address));
        }

        @Override
        protected boolean hasOffsets(String group, Integer topic, Deadline deadline) {
            steps.add("look for offsets");
            return groups.containsKey(group);
        }

        @Override
        protected Map<Integer, Long> offsets(Integer topic, StartPosition start, Deadline deadline) {
            steps.add("read offsets " + start);
            return Map.of(0, 7L);
        }

        @Override
        protected void store(String group, Map<Integer, Long> offsets, Deadline deadline) {
            groups.put(group, offsets);
        }

        Integer check(Address address) {
            return checked(address, find(address, Deadline.after(Duration.ZERO)));
        }

        static String await(Optional<String> seen, Duration timeout) {
            return await(() -> seen, Deadline.after(timeout), "it is late; wait longer");
        }
    }

    private final Provisioner provisioner = new Provisioner();

    private static void assertFails(Runnable call, ErrorCode code, String text) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        MessagingException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(text);
    }

    @Test
    void nothingIsDoneIfNothingShallBe() {
        provisioner.provision(QUEUE, ProvisionMode.NONE);
        assertThat(provisioner.steps).isEmpty();
    }

    @Test
    void whatIsMissingIsCreatedOnce() {
        provisioner.provision(QUEUE, ProvisionMode.CREATE);
        provisioner.provision(QUEUE, ProvisionMode.CREATE);
        assertThat(provisioner.steps).containsExactly("create q", "create group g-q", "create group g-q");
        assertThat(provisioner.check(QUEUE)).isEqualTo(2);
    }

    @Test
    void aTopicHasNoGroup() {
        provisioner.provision(new Address.OfTopic(Topic.of("t")), ProvisionMode.CREATE);
        assertThat(provisioner.steps).containsExactly("create t");
    }

    /** Two clients at once: the later one must not write an offset behind what the earlier one has let through. */
    @Test
    void theStartIsReadBeforeTheGroupIsLookedForAndWrittenOnce() {
        provisioner.provision(SUBSCRIPTION, ProvisionMode.CREATE);
        assertThat(provisioner.steps)
                .containsExactly("create t", "create group g-t", "read offsets NOW", "look for offsets");
        assertThat(provisioner.groups).isEqualTo(Map.of("g-t", Map.of(0, 7L)));
        provisioner.groups.put("g-t", Map.of(0, 8L));
        provisioner.provision(SUBSCRIPTION, ProvisionMode.CREATE);
        assertThat(provisioner.groups).isEqualTo(Map.of("g-t", Map.of(0, 8L)));
    }

    @Test
    void validationChangesNothingAndNamesWhatIsMissing() {
        assertFails(
                () -> provisioner.provision(QUEUE, ProvisionMode.VALIDATE),
                ErrorCode.NOT_FOUND,
                "does not exist; create the Stub topic q, or set anymq.provision=create");
        assertFails(() -> provisioner.check(QUEUE), ErrorCode.NOT_FOUND, "create the Stub topic q");
        provisioner.topics.put("t", 1);
        assertFails(
                () -> provisioner.provision(SUBSCRIPTION, ProvisionMode.VALIDATE),
                ErrorCode.NOT_FOUND,
                "because the Stub reader g-t has no offsets");
        assertThat(provisioner.groups).isEmpty();
        provisioner.groups.put("g-t", Map.of());
        provisioner.provision(SUBSCRIPTION, ProvisionMode.VALIDATE);
        assertThat(provisioner.steps).containsOnly("look for offsets");
    }

    @Test
    void totalOrderNeedsOnePartition() {
        Address total = new Address.OfQueue(Queue.of("q").totalOrder());
        provisioner.topics.put("q", 3);
        assertFails(
                () -> provisioner.check(total),
                ErrorCode.MISMATCH,
                "needs exactly one part, but the Stub topic q has 3");
        provisioner.topics.put("q", 1);
        assertThat(provisioner.check(total)).isEqualTo(1);
    }

    @Test
    void whatDoesNotComeInTimeIsATimeOut() {
        assertThat(Provisioner.await(Optional.of("seen"), Duration.ZERO)).isEqualTo("seen");
        assertFails(
                () -> Provisioner.await(Optional.empty(), Duration.ofMillis(1)),
                ErrorCode.TIMEOUT,
                "it is late; wait longer");
    }
}
