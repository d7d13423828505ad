package io.anymq.spring.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anymq.MessagingClient;
import io.anymq.Queue;
import io.anymq.inmemory.broker.InMemoryBroker;
import io.anymq.jackson3.Jackson3Codec;
import io.anymq.spring.AnyMqListener;
import io.anymq.spring.AnyMqListenerContainer;
import io.anymq.spring.AnyMqListenerContainer.State;
import io.anymq.spring.AnyMqListenerRegistry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.context.SmartLifecycle;

/** Listeners start and stop with the application, and by id. */
class ListenerLifecycleTest extends OnListeners {
    static class Controlled {
        final List<String> seen = new CopyOnWriteArrayList<>();

        @AnyMqListener(id = "auto", queue = "auto")
        void auto(String body) {
            seen.add(body);
        }

        @AnyMqListener(id = "manual", queue = "manual", autoStartup = "false")
        void manual(String body) {
            seen.add(body);
        }
    }

    @Test
    void listenersAreStoppedStartedAndPausedById() {
        runner.withBean(Controlled.class).run(context -> {
            MessagingClient client = context.getBean(MessagingClient.class);
            Controlled controlled = context.getBean(Controlled.class);
            AnyMqListenerRegistry registry = context.getBean(AnyMqListenerRegistry.class);
            AnyMqListenerContainer auto = registry.listener("auto").orElseThrow();
            AnyMqListenerContainer manual = registry.listener("manual").orElseThrow();
            assertThat(registry.listeners()).containsExactly(auto, manual);
            assertThat(auto.state()).isEqualTo(State.RUNNING);
            assertThat(manual.state()).isEqualTo(State.STOPPED);

            manual.start();
            send(client, Queue.of("manual"), "m");
            broker(client).awaitIdle(LIMIT);
            assertThat(controlled.seen).containsExactly("m");

            auto.stop();
            assertThat(auto.consumer()).isEmpty();
            send(client, Queue.of("auto"), "while stopped");
            auto.pause();
            auto.start();
            assertThat(auto.isPaused()).isTrue();
            assertThat(auto.consumer().orElseThrow().isPaused()).isTrue();
            auto.resume();
            broker(client).awaitIdle(LIMIT);
            assertThat(controlled.seen).containsExactly("m", "while stopped");
            assertThat(registry.listener("unknown")).isEmpty();
        });
    }

    static class Stopping {
        @AnyMqListener(id = "stopping", queue = "stopping", retry = "1", deadLetter = "stop")
        void handle(String body) {
            throw new IllegalStateException("no");
        }
    }

    @Test
    void aListenerThatItsPolicyStopsFailsAndCanBeStartedAgain() {
        runner.withBean(Stopping.class).run(context -> {
            AnyMqListenerContainer container = context.getBean(AnyMqListenerRegistry.class)
                    .listener("stopping")
                    .orElseThrow();
            send(context.getBean(MessagingClient.class), Queue.of("stopping"), "x");
            await().until(() -> container.state() == State.FAILED);
            assertThat(container.health().status()).isEqualTo(io.anymq.Health.Status.DOWN);
            container.start();
            await().until(() -> container.state() == State.FAILED);
        });
    }

    static final class DataSource implements DisposableBean {
        volatile boolean closed;

        @Override
        public void destroy() {
            closed = true;
        }
    }

    static class Slow {
        final CountDownLatch entered = new CountDownLatch(1);
        final CountDownLatch goOn = new CountDownLatch(1);
        final DataSource dataSource;
        volatile Boolean closedWhileHandling;

        Slow(DataSource dataSource) {
            this.dataSource = dataSource;
        }

        @AnyMqListener(queue = "slow")
        void handle(String body) throws Exception {
            entered.countDown();
            goOn.await(10, TimeUnit.SECONDS);
            closedWhileHandling = dataSource.closed;
        }
    }

    @Test
    void handlersDrainBeforeDataSourcesClose() throws Exception {
        Slow[] slow = new Slow[1];
        runner.withBean(DataSource.class).withBean(Slow.class).run(context -> {
            slow[0] = context.getBean(Slow.class);
            send(context.getBean(MessagingClient.class), Queue.of("slow"), "x");
            assertThat(slow[0].entered.await(10, TimeUnit.SECONDS)).isTrue();
            ListenerRegistry registry = context.getBean(ListenerRegistry.class);
            Thread releasing = new Thread(() -> {
                await().until(() -> !registry.isRunning());
                slow[0].goOn.countDown();
            });
            releasing.start();
        });
        assertThat(slow[0].closedWhileHandling).isFalse();
        assertThat(slow[0].dataSource.closed).isTrue();
    }

    @Test
    void listenersWaitForABrokerThatIsDownAtTheStart() {
        InMemoryBroker broker = InMemoryBroker.named("listeners-wait");
        broker.stop();
        runner.withBean(Controlled.class)
                .withPropertyValues("anymq.url=inmemory:listeners-wait")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    AnyMqListenerContainer auto = context.getBean(AnyMqListenerRegistry.class)
                            .listener("auto")
                            .orElseThrow();
                    assertThat(auto.state()).isEqualTo(State.WAITING);
                    assertThat(auto.health().status()).isEqualTo(io.anymq.Health.Status.DOWN);
                    broker.start();
                    await().until(() -> auto.state() == State.RUNNING);
                });
        broker.shutdown();
    }

    @Test
    void aBrokerThatRefusesAListenerFailsTheStart() {
        MessagingClient other = MessagingClient.builder()
                .url("inmemory:mismatch")
                .codec(new Jackson3Codec())
                .open();
        other.provision(Queue.of("auto").unordered());
        runner.withBean(Controlled.class)
                .withPropertyValues("anymq.url=inmemory:mismatch")
                .run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining("auto"));
        other.close();
        InMemoryBroker.named("mismatch").shutdown();
    }

    @Test
    void lazyInitializationLeavesListenersOut() {
        runner.withBean(Controlled.class)
                .withInitializer(context ->
                        context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
                .run(context -> assertThat(context.getBean(AnyMqListenerRegistry.class)
                                .listener("auto")
                                .orElseThrow()
                                .state())
                        .isEqualTo(State.RUNNING));
    }

    static final class FailsLater implements SmartLifecycle {
        @Override
        public void start() {
            throw new IllegalStateException("the port is taken");
        }

        @Override
        public void stop() {}

        @Override
        public boolean isRunning() {
            return false;
        }
    }

    private static List<String> threads(String part) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.contains(part))
                .toList();
    }

    @Test
    void anApplicationThatFailsAfterItsListenersStartedLeavesNoThreadBehind() {
        runner.withBean(Controlled.class)
                .withBean(FailsLater.class)
                .withPropertyValues("anymq.url=inmemory:half-started", "anymq.name=half-started")
                .run(context -> assertThat(context).getFailure().rootCause().hasMessage("the port is taken"));
        await().untilAsserted(() -> assertThat(threads("-auto-")).isEmpty());
        assertThat(InMemoryBroker.named("half-started").clients()).isEmpty();
        InMemoryBroker.named("half-started").shutdown();
    }

    /** As a test that pauses contexts, or a checkpoint of the process. */
    @Test
    void anApplicationThatIsStoppedAndStartedGoesOn() {
        runner.withBean(Controlled.class).run(context -> {
            AnyMqListenerContainer auto = context.getBean(AnyMqListenerRegistry.class)
                    .listener("auto")
                    .orElseThrow();
            MessagingClient client = context.getBean(MessagingClient.class);
            context.stop();
            assertThat(auto.state()).isEqualTo(State.STOPPED);
            send(client, Queue.of("auto"), "meanwhile");
            context.start();
            assertThat(auto.state()).isEqualTo(State.RUNNING);
            broker(client).awaitIdle(LIMIT);
            assertThat(context.getBean(Controlled.class).seen).containsExactly("meanwhile");
        });
    }

    /** As DevTools do it, in the same JVM. */
    @Test
    void aRestartedApplicationTakesOver() throws Exception {
        InMemoryBroker broker = InMemoryBroker.named("restarted");
        try (MessagingClient other = client("inmemory:restarted")) {
            for (String body : List.of("first", "second")) {
                runner.withBean(Controlled.class)
                        .withPropertyValues("anymq.url=inmemory:restarted")
                        .run(context -> {
                            assertThat(context).hasNotFailed();
                            broker.awaitIdle(LIMIT);
                            other.producer(Queue.of("auto"), String.class)
                                    .send(body)
                                    .get(10, TimeUnit.SECONDS);
                            broker.awaitIdle(LIMIT);
                            assertThat(context.getBean(Controlled.class).seen).containsExactly(body);
                        });
                assertThat(broker.clients()).hasSize(1);
            }
        }
        broker.shutdown();
    }

    @Test
    void listenersReadFromThePrimaryOfTwoClients() {
        runner.withBean(Controlled.class)
                .withBean("second", MessagingClient.class, () -> client("inmemory:"))
                .withBean(
                        "first",
                        MessagingClient.class,
                        () -> client("inmemory:"),
                        definition -> definition.setPrimary(true))
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    MessagingClient first = context.getBean("first", MessagingClient.class);
                    MessagingClient second = context.getBean("second", MessagingClient.class);
                    for (MessagingClient client : List.of(first, second)) {
                        client.producer(Queue.of("auto"), String.class)
                                .send(client == first ? "first" : "second")
                                .get(10, TimeUnit.SECONDS);
                    }
                    broker(first).awaitIdle(LIMIT);
                    assertThat(context.getBean(Controlled.class).seen).containsExactly("first");
                });
    }

    @Test
    void aClientBesideTheConfiguredOneTakesNoPlace() {
        runner.withBean(Controlled.class)
                .withBean(
                        "beside",
                        MessagingClient.class,
                        () -> client("inmemory:"),
                        definition -> ((AbstractBeanDefinition) definition).setDefaultCandidate(false))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .getBeanNames(MessagingClient.class)
                        .containsExactlyInAnyOrder("beside", "anyMqClient"));
    }

    @Test
    void noListenerStartsWithTheApplicationWhenThatIsOff() {
        runner.withBean(Controlled.class)
                .withPropertyValues("anymq.listener.auto-startup=false")
                .run(context -> assertThat(
                                context.getBean(AnyMqListenerRegistry.class).listeners())
                        .allMatch(listener -> listener.state() == State.STOPPED));
    }
}
