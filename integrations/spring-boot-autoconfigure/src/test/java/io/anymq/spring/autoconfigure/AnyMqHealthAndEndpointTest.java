package io.anymq.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.inmemory.broker.InMemoryBroker;
import io.anymq.spring.AnyMqListener;
import io.anymq.spring.AnyMqListenerContainer.State;
import io.anymq.spring.AnyMqListenerRegistry;
import io.anymq.spring.autoconfigure.AnyMqEndpoint.Action;
import io.anymq.spring.autoconfigure.AnyMqEndpoint.ListenerDescriptor;
import io.anymq.spring.autoconfigure.AnyMqEndpoint.Redriven;
import io.anymq.spring.autoconfigure.AnyMqEndpoint.Refusal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class AnyMqHealthAndEndpointTest {
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    AnyMqAutoConfiguration.class,
                    AnyMqHealthContributorAutoConfiguration.class,
                    AnyMqEndpointAutoConfiguration.class))
            .withPropertyValues("management.endpoints.web.exposure.include=anymq");

    static class Billing {
        final AtomicBoolean broken = new AtomicBoolean(true);

        @AnyMqListener(
                id = "billing",
                queue = "bills",
                retry = "1",
                deadLetter = "park-key",
                deadLetterQueue = "unpaid")
        void bill(String body) {
            if (broken.get()) {
                throw new IllegalStateException("the printer is out of paper");
            }
        }
    }

    @Test
    void healthFollowsTheBroker() {
        InMemoryBroker broker = InMemoryBroker.named("health");
        broker.stop();
        runner.withPropertyValues("anymq.url=inmemory:health")
                .withBean(Billing.class)
                .run(context -> {
                    AnyMqHealthIndicator health = context.getBean(AnyMqHealthIndicator.class);
                    assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
                    assertThat(health.health().getDetails().get("broker").toString())
                            .contains("could not be reached since the application started");
                    broker.start();
                    await().until(() -> health.health().getStatus().equals(Status.UP));
                    assertThat(health.health().getDetails()).containsKeys("broker", "listeners");
                    broker.stop();
                    await().until(() -> health.health().getStatus().equals(Status.DOWN));
                    broker.start();
                    await().until(() -> health.health().getStatus().equals(Status.UP));
                });
        broker.shutdown();
    }

    @Test
    void aListenerThatIsPausedOrStoppedOnPurposeIsUp() {
        runner.withBean(Billing.class).run(context -> {
            AnyMqHealthIndicator health = context.getBean(AnyMqHealthIndicator.class);
            AnyMqEndpoint endpoint = context.getBean(AnyMqEndpoint.class);
            endpoint.change("billing", Action.PAUSE, null);
            assertThat(health.health().getStatus()).isEqualTo(Status.UP);
            // once the consumer has said that it receives
            await().untilAsserted(() -> assertThat(health.health().getDetails().get("listeners"))
                    .hasToString("{billing=DEGRADED: paused}"));
            endpoint.change("billing", Action.STOP, null);
            assertThat(health.health().getStatus()).isEqualTo(Status.UP);
        });
    }

    @Test
    void healthAndEndpointCanBeTurnedOff() {
        runner.withPropertyValues("management.health.anymq.enabled=false", "management.endpoint.anymq.access=NONE")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(AnyMqHealthIndicator.class)
                        .doesNotHaveBean(AnyMqEndpoint.class));
    }

    @Test
    void theEndpointShowsParkedKeysAndRedrives() {
        runner.withBean(Billing.class).run(context -> {
            MessagingClient client = context.getBean(MessagingClient.class);
            InMemoryBroker broker = client.unwrap(InMemoryBroker.class).orElseThrow();
            AnyMqEndpoint endpoint = context.getBean(AnyMqEndpoint.class);
            Producer<String> producer = client.producer(Queue.of("bills"), String.class);
            producer.send(Message.of("bill").withKey("acme")).get(10, TimeUnit.SECONDS);
            broker.awaitIdle(Duration.ofSeconds(10));

            ListenerDescriptor listener = endpoint.listener("billing");
            assertThat(listener).isNotNull();
            assertThat(listener.source()).isEqualTo("bills");
            assertThat(listener.state()).isEqualTo("RUNNING");
            assertThat(listener.parkedKeys().first()).containsExactly("acme");
            assertThat(endpoint.overview().broker().status()).isEqualTo("UP");
            assertThat(endpoint.overview().producers())
                    .extracting(AnyMqEndpoint.ProducerDescriptor::destination)
                    .containsExactly("queue bills");

            context.getBean(Billing.class).broken.set(false);
            Redriven redriven =
                    (Redriven) endpoint.redrive("unpaid", 10, List.of("bills")).getBody();
            assertThat(redriven.finished()).isTrue();
            assertThat(redriven.redriven()).isEqualTo(1);
            broker.awaitIdle(Duration.ofSeconds(10));
            assertThat(broker.browse("unpaid")).isEmpty();
            assertThat(changed(endpoint.change("billing", Action.RESUME, "acme"))
                            .parkedKeys()
                            .count())
                    .isZero();
        });
    }

    @Test
    void theEndpointControlsListenersAndRefusesWhatMakesNoSense() {
        runner.withBean(Billing.class).run(context -> {
            AnyMqEndpoint endpoint = context.getBean(AnyMqEndpoint.class);
            AnyMqListenerRegistry registry = context.getBean(AnyMqListenerRegistry.class);
            assertThat(changed(endpoint.change("billing", Action.STOP, null)).state())
                    .isEqualTo("STOPPED");
            assertThat(registry.listener("billing").orElseThrow().state()).isEqualTo(State.STOPPED);
            assertRefused(endpoint.change("billing", Action.RESUME, "acme"), 400, "does not run");
            assertThat(changed(endpoint.change("billing", Action.START, null)).state())
                    .isEqualTo("RUNNING");
            assertRefused(endpoint.change("billing", Action.PAUSE, "acme"), 400, "can only be resumed");
            assertRefused(endpoint.change("unknown", Action.STOP, null), 404, "no listener of this id");
            assertThat(endpoint.listener("unknown")).isNull();
            assertRefused(endpoint.redrive("no-such-queue", null, null), 400, "no-such-queue");
            assertRefused(endpoint.redrive("not a name", null, null), 400, "not portable");
        });
    }

    private static ListenerDescriptor changed(WebEndpointResponse<Object> response) {
        assertThat(response.getStatus()).isEqualTo(200);
        return (ListenerDescriptor) response.getBody();
    }

    private static void assertRefused(WebEndpointResponse<Object> response, int status, String error) {
        assertThat(response.getStatus()).isEqualTo(status);
        assertThat(((Refusal) response.getBody()).error()).contains(error);
    }
}
