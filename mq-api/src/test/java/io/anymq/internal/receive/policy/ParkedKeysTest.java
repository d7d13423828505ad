package io.anymq.internal.receive.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anymq.Consumer;
import io.anymq.ErrorCode;
import io.anymq.Health;
import io.anymq.MessagingException;
import io.anymq.Queue;
import io.anymq.RedriveOptions;
import io.anymq.RedriveReport;
import io.anymq.internal.support.OnManualBroker;
import io.anymq.internal.support.Sneaky;
import io.anymq.policy.DeadLetterPolicy;
import io.anymq.policy.DeadLetterPolicy.Then;
import io.anymq.policy.ParkedKeyStore;
import io.anymq.policy.RetryPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What parks a key, what frees it, and who remembers it. */
class ParkedKeysTest extends OnManualBroker {
    private final Set<String> bad = ConcurrentHashMap.newKeySet();
    private final TestStore store = new TestStore();

    /** Another process's, as far as the consumer knows. */
    private static final class TestStore implements ParkedKeyStore {
        final Map<String, String> keys = new ConcurrentHashMap<>();
        volatile boolean down;

        @Override
        public Map<String, String> parked(String source) {
            return answer(Map.copyOf(keys));
        }

        @Override
        public void park(String source, String key, String mark) {
            assertThat(answer(source)).isEqualTo("orders");
            keys.put(key, mark);
        }

        @Override
        public void resume(String source, String key) {
            assertThat(answer(source)).isEqualTo("orders");
            keys.remove(key);
        }

        private <T> T answer(T value) {
            if (down) {
                throw Sneaky.thrown(new IOException("no connection"));
            }
            return value;
        }
    }

    private Consumer start(DeadLetterPolicy policy) {
        return consumer(ORDERS).retry(RetryPolicy.never()).deadLetter(policy).start(delivery -> {
            note(delivery);
            if (bad.contains(delivery.id())) {
                throw new IllegalStateException("bad");
            }
        });
    }

    private DeadLetterPolicy remembered() {
        return DeadLetterPolicy.builder().then(Then.PARK_KEY).parkedKeys(store).build();
    }

    private RedriveReport redrive() throws Exception {
        RedriveOptions options =
                RedriveOptions.builder().idle(Duration.ofMillis(300)).build();
        return client().redrive(Queue.of("orders-dead"), options).get(SOON.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void aRedriveBringsTheLettersOfAParkedKeyBackInTheirOrder() throws Exception {
        bad.add("a1");
        put("a", "a1", "a2", "a3");
        Consumer consumer = start(DeadLetterPolicy.parkKey());
        settledAll(consumer);
        assertThat(broker.ids(AT_DEAD)).containsExactly("a1", "a2", "a3");
        bad.clear();
        handled.clear();
        assertThat(redrive().redriven()).isEqualTo(3);
        settledAll(consumer);
        assertThat(handled).containsExactly("a1#1", "a2#1", "a3#1");
        assertThat(consumer.parkedKeys()).isEmpty();
        assertThat(broker.ids(AT_DEAD)).isEmpty();
    }

    @Test
    void whatFailsAgainKeepsTheOthersOfItsRedriveBehindIt() throws Exception {
        bad.add("a1");
        put("a", "a1", "a2");
        Consumer consumer = start(DeadLetterPolicy.parkKey());
        settledAll(consumer);
        handled.clear();
        redrive();
        eventually(() -> broker.ids(AT_DEAD).equals(List.of("a1", "a2")));
        settledAll(consumer);
        assertThat(handled).containsExactly("a1#1");
        assertThat(consumer.parkedKeys()).containsExactly("a");
        bad.clear();
        redrive();
        settledAll(consumer);
        assertThat(handled).containsExactly("a1#1", "a1#1", "a2#1");
        assertThat(consumer.parkedKeys()).isEmpty();
    }

    @Test
    void aStoreKeepsKeysParkedUntilTheyAreFreed() throws Exception {
        bad.add("a1");
        put("a", "a1");
        Consumer first = start(remembered());
        settledAll(first);
        assertThat(store.keys).containsOnlyKeys("a");
        closeSoon(first);
        put("a", "a2");
        put("b", "b1");
        Consumer second = start(remembered());
        assertThat(second.parkedKeys()).containsExactly("a");
        settledAll(second);
        assertThat(handled).containsExactly("a1#1", "b1#1");
        assertThat(broker.ids(AT_DEAD)).containsExactly("a1", "a2");
        bad.clear();
        redrive();
        settledAll(second);
        assertThat(handled).containsExactly("a1#1", "b1#1", "a1#1", "a2#1");
        assertThat(store.keys).isEmpty();
        closeSoon(second);
    }

    @Test
    void aKeyIsRememberedBeforeItsMessageLeaves() throws Exception {
        bad.add("a1");
        put("a", "a1");
        broker.onSend = (address, message) -> {
            assertThat(store.keys).containsOnlyKeys("a");
            broker.storeAndConfirm(address, message);
        };
        settledAll(start(remembered()));
        assertThat(broker.ids(AT_DEAD)).containsExactly("a1");
    }

    @Test
    void aStoreThatCannotBeReadRefusesTheStart() {
        store.down = true;
        assertThatThrownBy(() -> start(remembered()))
                .isInstanceOf(MessagingException.class)
                .hasMessageContaining("the parked-key store could not read the keys of orders")
                .hasMessageContaining("no connection")
                .satisfies(e -> assertThat(((MessagingException) e).code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }

    @Test
    void whileTheStoreIsDownNothingIsDeadLettered() throws Exception {
        bad.add("a1");
        Consumer consumer = start(remembered());
        store.down = true;
        put("a", "a1", "a2");
        put("b", "b1");
        eventually(() -> consumer.health().detail().contains("the parked-key store could not park a key"));
        assertThat(consumer.health().status()).isEqualTo(Health.Status.DEGRADED);
        eventually(() -> handled.contains("b1#1"));
        assertThat(broker.ids(AT_DEAD)).isEmpty();
        assertThatThrownBy(() -> consumer.resumeKey("x")).hasMessageContaining("no connection");
        store.down = false;
        advancingUntil(() -> broker.ids(AT_DEAD).equals(List.of("a1", "a2")));
        settledAll(consumer);
        eventually(() -> consumer.health().status() == Health.Status.UP);
        assertThat(handled).containsExactlyInAnyOrder("a1#1", "b1#1");

        bad.clear();
        store.down = true;
        redrive();
        eventually(() -> consumer.health().detail().contains("the parked-key store could not free a key"));
        assertThat(handled).hasSize(2);
        store.down = false;
        advancingUntil(() -> handled.size() == 4);
        assertThat(handled).endsWith("a1#1", "a2#1");
    }

    @Test
    void aConsumerHearsOfWhatAnotherProcessHasParkedAndFreed() {
        Consumer consumer = start(remembered());
        store.keys.put("a", "");
        advancingUntil(Duration.ofSeconds(1), () -> consumer.parkedKeys().contains("a"));
        store.down = true;
        advancingUntil(Duration.ofSeconds(1), () -> consumer.health().detail().contains("it is asked again every 5 s"));
        assertThat(consumer.parkedKeys()).containsExactly("a");
        store.down = false;
        store.keys.clear();
        advancingUntil(Duration.ofSeconds(1), () -> consumer.parkedKeys().isEmpty());
        assertThat(consumer.health().status()).isEqualTo(Health.Status.UP);
    }

    @Test
    void beyondTheLimitMessagesWait() {
        for (int i = 0; i < ParkedKeys.MOST; i++) {
            store.keys.put("key" + i, "");
        }
        Consumer consumer = start(remembered());
        bad.add("a1");
        put("a", "a1");
        put("b", "b1");
        put("key7", "k1");
        eventually(() -> consumer.health().detail().contains("100000 keys are parked, which is the limit"));
        eventually(() -> handled.contains("b1#1") && broker.ids(AT_DEAD).equals(List.of("k1")));
        consumer.resumeKey("key7");
        advancingUntil(() -> broker.ids(AT_DEAD).equals(List.of("k1", "a1")));
        settledAll(consumer);
        assertThat(consumer.health().status()).isEqualTo(Health.Status.UP);
    }

    @Test
    void onlyAPolicyThatParksTakesAStore() {
        assertThatThrownBy(() -> DeadLetterPolicy.builder().parkedKeys(store).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("parkedKeys cannot be combined with then=CONTINUE, which parks no key");
        assertThat(remembered().toBuilder().build()).isEqualTo(remembered());
        assertThat(remembered()).isNotEqualTo(DeadLetterPolicy.parkKey());
    }
}
