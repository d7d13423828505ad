package io.anymq.spring.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anymq.ConfigurationException;
import io.anymq.Delivery;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.Queue;
import io.anymq.Topic;
import io.anymq.TypeRef;
import io.anymq.inmemory.broker.InMemoryBroker;
import io.anymq.jackson3.Jackson3Codec;
import io.anymq.policy.DeadLetterPolicy;
import io.anymq.policy.IdempotencyStore;
import io.anymq.policy.InMemoryIdempotencyStore;
import io.anymq.policy.Ordering;
import io.anymq.policy.RetryPolicy;
import io.anymq.spring.AnyMqListener;
import io.anymq.spring.AnyMqListenerContainer;
import io.anymq.spring.AnyMqListenerContainer.State;
import io.anymq.spring.AnyMqListenerRegistry;
import io.anymq.spring.autoconfigure.AnyMqAutoConfiguration;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.autoproxy.DefaultAdvisorAutoProxyCreator;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.NameMatchMethodPointcut;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.AliasFor;
import org.springframework.resilience.annotation.Retryable;
import org.springframework.scheduling.annotation.Async;

class ListenersTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(PropertyPlaceholderAutoConfiguration.class, AnyMqAutoConfiguration.class))
            .withPropertyValues("anymq.retry.initial-delay=1ms");

    private static void send(MessagingClient client, Queue queue, Object... bodies) throws Exception {
        for (Object body : bodies) {
            client.producer(queue, Object.class).send(body).get(10, TimeUnit.SECONDS);
        }
    }

    private static InMemoryBroker broker(MessagingClient client) {
        return client.unwrap(InMemoryBroker.class).orElseThrow();
    }

    record Order(String id, int amount) {}

    static class Handlers {
        final List<Object> seen = new CopyOnWriteArrayList<>();

        @AnyMqListener(queue = "bodies")
        void body(Order order) {
            seen.add(order);
        }

        @AnyMqListener(queue = "deliveries")
        void delivery(Delivery<Order> delivery) {
            seen.add(delivery.id());
        }

        @AnyMqListener(queue = "both")
        void both(Order order, Delivery<Order> delivery) {
            seen.add(order + " " + delivery.attempt());
        }

        @AnyMqListener(queue = "lists")
        void lists(Delivery<List<Order>> delivery) {
            seen.add(delivery.body().get(0));
        }

        @AnyMqListener(queue = "batches", batch = "${size:10}", concurrency = "1")
        void batch(List<Order> orders) {
            seen.addAll(orders);
        }

        @AnyMqListener(queue = "delivery-batches")
        void deliveryBatch(List<Delivery<Order>> orders) {
            orders.forEach(order -> seen.add(order.body()));
        }

        @AnyMqListener(queue = "stages")
        CompletionStage<Void> stage(String body) {
            return CompletableFuture.runAsync(() -> seen.add(body));
        }

        @AnyMqListener(topic = "${topic}", subscription = "mail", ordering = Ordering.UNORDERED)
        public void subscription(String body) {
            seen.add(body);
        }
    }

    @Test
    void aMethodTakesTheBodyADeliveryBothOrABatch() {
        runner.withBean(Handlers.class).withPropertyValues("topic=signups").run(context -> {
            assertThat(context).hasNotFailed();
            Handlers handlers = context.getBean(Handlers.class);
            MessagingClient client = context.getBean(MessagingClient.class);
            Order order = new Order("a", 1);

            send(client, Queue.of("bodies"), order);
            broker(client).awaitIdle(LIMIT);
            assertThat(handlers.seen).containsExactly(order);

            client.producer(Queue.of("deliveries"), Order.class)
                    .send(Message.of(order).withId("id-1"))
                    .get(10, TimeUnit.SECONDS);
            broker(client).awaitIdle(LIMIT);
            assertThat(handlers.seen).endsWith("id-1");

            send(client, Queue.of("both"), order);
            broker(client).awaitIdle(LIMIT);
            assertThat(handlers.seen).endsWith(order + " 1");

            client.producer(Queue.of("lists"), new TypeRef<List<Order>>() {})
                    .send(List.of(new Order("b", 2)))
                    .get(10, TimeUnit.SECONDS);
            broker(client).awaitIdle(LIMIT);
            assertThat(handlers.seen).endsWith(new Order("b", 2));

            send(client, Queue.of("batches"), new Order("c", 3), new Order("d", 4));
            send(client, Queue.of("delivery-batches"), new Order("e", 5));
            send(client, Queue.of("stages"), "f");
            client.producer(Topic.of("signups").unordered(), String.class)
                    .send("g")
                    .get(10, TimeUnit.SECONDS);
            broker(client).awaitIdle(LIMIT);
            assertThat(handlers.seen).contains(new Order("c", 3), new Order("d", 4), new Order("e", 5), "f", "g");
        });
    }

    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @AnyMqListener(topic = "signups", retry = "2")
    @interface OnSignUp {
        @AliasFor(annotation = AnyMqListener.class, attribute = "subscription")
        String value();
    }

    static class Meta {
        @OnSignUp("welcome-mail")
        void welcome(String body) {}
    }

    @Test
    void anAnnotationOfTheApplicationStandsForIt() {
        runner.withBean("mails", Meta.class)
                .run(context -> assertThat(context.getBean(AnyMqListenerRegistry.class)
                                .listener("mails.welcome")
                                .orElseThrow()
                                .source()
                                .path())
                        .isEqualTo("signups/welcome-mail"));
    }

    static final class Unusable extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    static class Failing {
        final List<String> attempts = new CopyOnWriteArrayList<>();

        @AnyMqListener(queue = "retried", retry = "3", deadLetterQueue = "graves")
        void retried(String body) {
            attempts.add(body);
            throw new IllegalStateException("again");
        }

        @AnyMqListener(queue = "permanent", permanentOn = Unusable.class)
        public void permanent(String body) throws Exception {
            attempts.add(body);
            throw new Exception("wrapped", new Unusable());
        }

        @AnyMqListener(queue = "by-bean", retry = "once", deadLetter = "discarding")
        void byBean(String body) {
            attempts.add(body);
            throw new IllegalStateException("again");
        }
    }

    @Test
    void retryAndDeadLetterAreThoseOfTheAnnotation() {
        runner.withBean(Failing.class)
                .withBean("once", RetryPolicy.class, RetryPolicy::never)
                .withBean("discarding", DeadLetterPolicy.class, DeadLetterPolicy::discard)
                .run(context -> {
                    MessagingClient client = context.getBean(MessagingClient.class);
                    Failing failing = context.getBean(Failing.class);
                    send(client, Queue.of("retried"), "r");
                    send(client, Queue.of("permanent"), "p");
                    send(client, Queue.of("by-bean"), "b");
                    broker(client).awaitIdle(LIMIT);
                    assertThat(failing.attempts).containsExactlyInAnyOrder("r", "r", "r", "p", "b");
                    assertThat(broker(client).browse("graves")).hasSize(1);
                    assertThat(broker(client).browse("permanent-dead")).hasSize(1);
                    assertThat(broker(client).metrics("by-bean-dead")).isEmpty();
                });
    }

    static class Once {
        final List<String> seen = new CopyOnWriteArrayList<>();

        @AnyMqListener(queue = "once", idempotency = "store", idempotencyKey = "body.id")
        void handle(Order order) {
            seen.add(order.id());
        }
    }

    @Test
    void aBusinessKeyIsHandledOnce() {
        runner.withBean(Once.class)
                .withBean("store", IdempotencyStore.class, InMemoryIdempotencyStore::new)
                .run(context -> {
                    MessagingClient client = context.getBean(MessagingClient.class);
                    send(client, Queue.of("once"), new Order("a", 1), new Order("a", 2), new Order("b", 3));
                    broker(client).awaitIdle(LIMIT);
                    assertThat(context.getBean(Once.class).seen).containsExactlyInAnyOrder("a", "b");
                });
    }

    interface Greeter {
        void greet(String body) throws Exception;
    }

    static class ProxiedByInterface implements Greeter {
        static final List<String> SEEN = new CopyOnWriteArrayList<>();

        @Override
        @AnyMqListener(queue = "by-interface", permanentOn = Unusable.class)
        public void greet(String body) throws Exception {
            SEEN.add(body);
            throw new java.io.IOException(new Unusable());
        }
    }

    static class ProxiedByClass {
        private final List<String> seen = new CopyOnWriteArrayList<>();

        @AnyMqListener(queue = "by-class")
        void greet(String body) {
            seen.add(body);
        }

        List<String> seen() {
            return seen;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Proxies {
        static final List<String> CALLS = new CopyOnWriteArrayList<>();

        @Bean
        static DefaultAdvisorAutoProxyCreator proxies() {
            return new DefaultAdvisorAutoProxyCreator();
        }

        @Bean
        static DefaultPointcutAdvisor advisor() {
            NameMatchMethodPointcut greet = new NameMatchMethodPointcut();
            greet.addMethodName("greet");
            return new DefaultPointcutAdvisor(greet, (MethodInterceptor) invocation -> {
                CALLS.add("advised");
                return invocation.proceed();
            });
        }
    }

    @Test
    void aProxyIsCalledAndHidesNoCause() {
        Proxies.CALLS.clear();
        runner.withUserConfiguration(Proxies.class)
                .withBean(ProxiedByInterface.class)
                .withBean(ProxiedByClass.class)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    MessagingClient client = context.getBean(MessagingClient.class);
                    send(client, Queue.of("by-interface"), "i");
                    send(client, Queue.of("by-class"), "c");
                    broker(client).awaitIdle(LIMIT);
                    assertThat(ProxiedByInterface.SEEN).containsExactly("i");
                    assertThat(broker(client).browse("by-interface-dead")).hasSize(1);
                    assertThat(context.getBean(ProxiedByClass.class).seen()).containsExactly("c");
                    assertThat(Proxies.CALLS).hasSize(2);
                });
    }

    static class Mistakes {
        @AnyMqListener(queue = "a")
        @SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // the mistake
        private void hidden(String body) {}

        @AnyMqListener(subscription = "mail")
        void withoutTopic(String body) {}

        @AnyMqListener(topic = "signups")
        void withoutSubscription(String body) {}

        @AnyMqListener
        void withoutSource(String body) {}

        @AnyMqListener(queue = "not a name")
        void badName(String body) {}

        @AnyMqListener(queue = "a")
        String returning(String body) {
            return body;
        }

        @AnyMqListener(queue = "a")
        void three(String one, String two, String three) {}

        @AnyMqListener(queue = "a", id = "same")
        void same(String body) {}

        @AnyMqListener(queue = "a", id = "same")
        void sameAgain(String body) {}

        @AnyMqListener(queue = "a")
        @Retryable
        void retryable(String body) {}

        @AnyMqListener(queue = "a")
        @Async
        void async(String body) {}

        @AnyMqListener(queue = "a", concurrency = "${missing}")
        void placeholder(String body) {}

        @AnyMqListener(queue = "a", retry = "nowhere")
        void noBean(String body) {}

        @AnyMqListener(queue = "a", concurrency = "0")
        void zero(String body) {}

        @AnyMqListener(queue = "a")
        <T> void unknownType(Delivery<T> delivery) {}

        @AnyMqListener(queue = "a", idempotencyKey = "id")
        void keyAlone(String body) {}
    }

    @Test
    void everythingThatIsWrongIsToldInOneMessageAndNothingStarts() {
        AtomicBoolean started = new AtomicBoolean();
        runner.withBean(Mistakes.class)
                .withBean(org.springframework.context.ApplicationListener.class, () -> event -> started.set(true))
                .run(context -> {
                    assertThat(context).getFailure().isInstanceOf(ConfigurationException.class);
                    assertThat(((ConfigurationException) context.getStartupFailure()).problems())
                            .allMatch(problem -> problem.startsWith("@AnyMqListener " + Mistakes.class.getName() + "."))
                            .hasSize(15)
                            .anyMatch(p -> p.contains(".hidden must not be private; make it package-private or public"))
                            .anyMatch(p -> p.contains(
                                    ".withoutTopic names the subscription 'mail' without its topic; add topic"))
                            .anyMatch(p -> p.contains(".withoutSubscription names the topic 'signups' without a"))
                            .anyMatch(p -> p.contains(".withoutSource must name a queue, or a topic and a"))
                            .anyMatch(p -> p.contains(".badName queue name 'not a name' is not portable"))
                            .anyMatch(p -> p.contains(".returning must return void or a CompletionStage"))
                            .anyMatch(p -> p.contains(".three must take the body, a Delivery, both"))
                            .anyMatch(p -> p.contains("has the id 'same', which "))
                            .anyMatch(p -> p.contains(".retryable must not be @Retryable"))
                            .anyMatch(p -> p.contains(".async must not be @Async"))
                            .anyMatch(p -> p.contains(".placeholder has concurrency '${missing}', which cannot be"))
                            .anyMatch(p -> p.contains(".noBean has retry 'nowhere', which is not the name of a"))
                            .anyMatch(p -> p.contains(".zero has concurrency '0', which must be a number"))
                            .anyMatch(p -> p.contains(".unknownType must name the type of the body"))
                            .anyMatch(p -> p.contains(".keyAlone has an idempotencyKey without idempotency"));
                    assertThat(started).isFalse();
                });
    }

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

    @Test
    void noListenerStartsWithTheApplicationWhenThatIsOff() {
        runner.withBean(Controlled.class)
                .withPropertyValues("anymq.listener.auto-startup=false")
                .run(context -> assertThat(
                                context.getBean(AnyMqListenerRegistry.class).listeners())
                        .allMatch(listener -> listener.state() == State.STOPPED));
    }
}
