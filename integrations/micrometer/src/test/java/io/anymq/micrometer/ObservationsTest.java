package io.anymq.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anymq.MessagingClient;
import io.anymq.policy.RetryPolicy;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Names, key values and conventions of the observations. */
class ObservationsTest extends OnEmbeddedBroker {
    private final TestObservationRegistry registry = TestObservationRegistry.create();
    private final List<Observation.Context> stopped = new CopyOnWriteArrayList<>();

    ObservationsTest() {
        registry.observationConfig().observationHandler(new ObservationHandler<>() {
            @Override
            public void onStop(Observation.Context context) {
                stopped.add(context);
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }
        });
    }

    private MessagingClient client(AnymqObservation observation) {
        return opened(observation.addTo(builder()));
    }

    private void stopped(String name, int count) {
        await().atMost(SOON)
                .until(() -> stopped.stream()
                                .filter(context -> name.equals(context.getName()))
                                .count()
                        >= count);
    }

    /** A message that fails twice, is dead-lettered, redriven and handled. */
    private void wholeStory(MessagingClient client) {
        AtomicBoolean repaired = new AtomicBoolean();
        client.consumer(ORDERS, String.class)
                .retry(RetryPolicy.fixed(2, Duration.ofMillis(1)))
                .start(delivery -> {
                    if (!repaired.get()) {
                        throw new IllegalStateException("no paper");
                    }
                });
        send(client, "books");
        stopped("anymq.settle", 1);
        repaired.set(true);
        assertThat(redrive(client, 1)).isEqualTo(1);
        stopped("anymq.settle", 2);
        stopped("anymq.redrive", 1);
        stopped("anymq.dead.letter", 1);
    }

    @Test
    void everyObservationIsNamedAndTaggedAsDocumented() {
        wholeStory(client(AnymqObservation.of(registry)));
        TestObservationRegistryAssert.assertThat(registry)
                .doesNotHaveAnyRemainingCurrentObservation()
                .hasNumberOfObservationsWithNameEqualTo("anymq.send", 1)
                .hasNumberOfObservationsWithNameEqualTo("anymq.process", 3)
                .hasNumberOfObservationsWithNameEqualTo("anymq.settle", 2)
                .hasNumberOfObservationsWithNameEqualTo("anymq.dead.letter", 1)
                .hasNumberOfObservationsWithNameEqualTo("anymq.redrive", 1)
                .hasObservationWithNameEqualTo("anymq.send")
                .that()
                .hasContextualNameEqualTo("send orders")
                .hasLowCardinalityKeyValue("messaging.system", "inmemory")
                .hasLowCardinalityKeyValue("messaging.operation.name", "send")
                .hasLowCardinalityKeyValue("messaging.destination.name", "orders")
                .hasHighCardinalityKeyValueWithKey("messaging.message.id")
                .hasBeenStarted()
                .hasBeenStopped();
        TestObservationRegistryAssert.assertThat(registry)
                .hasObservationWithNameEqualTo("anymq.dead.letter")
                .that()
                .hasContextualNameEqualTo("dead_letter orders-dead")
                .hasLowCardinalityKeyValue("anymq.source", "orders")
                .hasLowCardinalityKeyValue("anymq.dead_letter.reason", "MAX_ATTEMPTS")
                .hasHighCardinalityKeyValue("anymq.attempt", "2");
        TestObservationRegistryAssert.assertThat(registry)
                .hasObservationWithNameEqualTo("anymq.redrive")
                .that()
                .hasLowCardinalityKeyValue("anymq.dead_letter.queue", "orders-dead")
                .hasHighCardinalityKeyValue("anymq.redrives", "1");
        TestObservationRegistryAssert.assertThat(registry)
                .hasAnObservation(process -> process.hasNameEqualTo("anymq.process")
                        .hasHighCardinalityKeyValue("anymq.attempt", "1")
                        .hasHighCardinalityKeyValue("anymq.redrives", "1")
                        .doesNotHaveError());
        for (Observation.Context context : stopped) {
            AnymqObservationDocumentation documented = Arrays.stream(AnymqObservationDocumentation.values())
                    .filter(one -> one.getName().equals(context.getName()))
                    .findFirst()
                    .orElseThrow();
            assertThat(keys(context.getLowCardinalityKeyValues()))
                    .containsExactlyInAnyOrderElementsOf(names(documented.getLowCardinalityKeyNames()));
            assertThat(names(documented.getHighCardinalityKeyNames()))
                    .containsAll(keys(context.getHighCardinalityKeyValues()));
        }
    }

    private static List<String> keys(KeyValues values) {
        return values.stream().map(KeyValue::getKey).toList();
    }

    private static List<String> names(KeyName[] names) {
        return Arrays.stream(names).map(KeyName::asString).toList();
    }

    @Test
    void failedAttemptsAreErrorsAndParentsOfTheirDeadLetter() {
        wholeStory(client(AnymqObservation.of(registry)));
        TestObservationRegistryAssert.assertThat(registry)
                .hasAnObservation(process -> process.hasNameEqualTo("anymq.process")
                        .hasHighCardinalityKeyValue("anymq.attempt", "2")
                        .hasError());
        TestObservationRegistryAssert.assertThat(registry)
                .hasObservationWithNameEqualTo("anymq.dead.letter")
                .that()
                .hasParentObservationContextMatching(parent -> parent instanceof ProcessObservationContext process
                        && process.deliveries().get(0).attempt() == 2);
    }

    @Test
    void aMessageThatIsNeitherSettledNorGivenUpStaysWithoutASettlement() {
        MessagingClient client = client(AnymqObservation.of(registry));
        client.consumer(ORDERS, String.class)
                .retry(RetryPolicy.fixed(2, Duration.ofHours(1)))
                .start(delivery -> {
                    throw new IllegalStateException("no paper");
                });
        send(client, "books");
        stopped("anymq.process", 1);
        client.close();
        assertThat(stopped).noneMatch(context -> "anymq.settle".equals(context.getName()));
    }

    private static final class OwnSend extends DefaultSendConvention {
        @Override
        public String getName() {
            return "shop.send";
        }

        @Override
        public KeyValues getLowCardinalityKeyValues(SendObservationContext context) {
            return super.getLowCardinalityKeyValues(context).and("tenant", "acme");
        }
    }

    private static final class OwnProcess extends DefaultProcessConvention {
        @Override
        public String getContextualName(ProcessObservationContext context) {
            return "handle " + context.boundedSource();
        }
    }

    private static final class OwnSettle extends DefaultSettleConvention {
        @Override
        public String getContextualName(SettleObservationContext context) {
            return "ack " + context.boundedSource();
        }
    }

    private static final class OwnDeadLetter extends DefaultDeadLetterConvention {
        @Override
        public String getContextualName(DeadLetterObservationContext context) {
            return "bury " + context.boundedSource();
        }
    }

    private static final class OwnRedrive extends DefaultRedriveConvention {
        @Override
        public String getContextualName(RedriveObservationContext context) {
            return "revive " + context.boundedSource();
        }
    }

    @Test
    void everyConventionCanBeReplaced() {
        wholeStory(client(AnymqObservation.builder(registry)
                .sendConvention(new OwnSend())
                .processConvention(new OwnProcess())
                .settleConvention(new OwnSettle())
                .deadLetterConvention(new OwnDeadLetter())
                .redriveConvention(new OwnRedrive())
                .build()));
        assertThat(stopped)
                .extracting(Observation.Context::getContextualName)
                .containsOnly("send orders", "handle orders", "ack orders", "bury orders", "revive orders");
        TestObservationRegistryAssert.assertThat(registry)
                .hasObservationWithNameEqualTo("shop.send")
                .that()
                .hasLowCardinalityKeyValue("tenant", "acme");
    }

    @Test
    void aGlobalConventionOfTheRegistryReplacesTheDefault() {
        registry.observationConfig().observationConvention(new GlobalSend());
        MessagingClient client = client(AnymqObservation.of(registry));
        send(client, "books");
        TestObservationRegistryAssert.assertThat(registry).hasObservationWithNameEqualTo("global.send");
    }

    private static final class GlobalSend extends DefaultSendConvention
            implements io.micrometer.observation.GlobalObservationConvention<SendObservationContext> {
        @Override
        public String getName() {
            return "global.send";
        }
    }

    @Test
    void namesBeyondTheLimitAreOther() {
        MessagingClient client =
                client(AnymqObservation.builder(registry).maxNames(1).build());
        send(client, "books");
        client.producer(INVOICES, String.class).send("one").join();
        stopped("anymq.send", 2);
        TestObservationRegistryAssert.assertThat(registry)
                .hasAnObservation(send -> send.hasContextualNameEqualTo("send invoices")
                        .hasLowCardinalityKeyValue("messaging.destination.name", "other"));
    }

    @Test
    void aRegistryThatObservesNothingChangesNothing() {
        MessagingClient client = client(AnymqObservation.of(ObservationRegistry.NOOP));
        List<String> handled = new CopyOnWriteArrayList<>();
        client.consumer(ORDERS, String.class)
                .retry(RetryPolicy.fixed(2, Duration.ofMillis(1)))
                .start(delivery -> {
                    handled.add(delivery.body() + delivery.headers());
                    delivery.publish(INVOICES, "invoice");
                    throw new IllegalStateException("no paper");
                });
        send(client, "books");
        assertThat(redrive(client, 1)).isEqualTo(1);
        await().atMost(SOON).until(() -> handled.size() == 4);
        assertThat(handled).containsOnly("books{}");
    }
}
