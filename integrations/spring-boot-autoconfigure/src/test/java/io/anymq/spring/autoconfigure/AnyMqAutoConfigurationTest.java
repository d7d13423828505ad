package io.anymq.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anymq.ConfigurationException;
import io.anymq.Health.Status;
import io.anymq.Interceptor;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.inmemory.broker.InMemoryBroker;
import io.anymq.jackson3.Jackson3Codec;
import io.anymq.policy.RetryPolicy;
import io.anymq.spring.AnyMqClientCustomizer;
import io.anymq.spring.AnyMqListenerRegistry;
import io.anymq.spring.AnyMqProducer;
import io.anymq.spring.client.ManagedClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class AnyMqAutoConfigurationTest {
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, AnyMqAutoConfiguration.class));

    @Test
    void aClientOnTheInMemoryBrokerIsThereWithoutASetting() {
        runner.run(context -> {
            assertThat(context).hasSingleBean(MessagingClient.class).hasSingleBean(AnyMqListenerRegistry.class);
            MessagingClient client = context.getBean(MessagingClient.class);
            assertThat(client.unwrap(InMemoryBroker.class)).isPresent();
            assertThat(client.health(Duration.ofSeconds(2)).status()).isEqualTo(Status.UP);
        });
    }

    @Test
    void theClientIsClosedWithTheContext() {
        MessagingClient[] client = new MessagingClient[1];
        runner.run(context -> client[0] = context.getBean(MessagingClient.class));
        assertThat(client[0].health(Duration.ofSeconds(2)).status()).isEqualTo(Status.DOWN);
    }

    @Test
    void disabledMeansNoBean() {
        runner.withPropertyValues("anymq.enabled=false")
                .run(context -> assertThat(context.getBeanDefinitionNames())
                        .noneMatch(
                                name -> name.toLowerCase(java.util.Locale.ROOT).contains("anymq")));
    }

    @Test
    void withoutTheApiNothingIsConfigured() {
        runner.withClassLoader(new FilteredClassLoader(MessagingClient.class))
                .run(context -> assertThat(context).doesNotHaveBean("anyMqClient"));
    }

    @Test
    void aClientOfTheApplicationTakesThePlace() {
        runner.withBean(
                        "mine",
                        MessagingClient.class,
                        () -> MessagingClient.builder()
                                .codec(new Jackson3Codec())
                                .open())
                .run(context ->
                        assertThat(context).getBeanNames(MessagingClient.class).containsExactly("mine"));
    }

    @Test
    void keysOfTheEngineAdaptersAndStarterArePassedOnInAnySpelling() {
        runner.withPropertyValues(
                        "anymq.name=shop",
                        "anymq.producer.maxInFlight=7",
                        "anymq.consumer.max_per_second=2.5",
                        "anymq.inmemory.lanes=3",
                        "anymq.kafka.partitions=24",
                        "anymq.names.queue.orders=orders-placed",
                        "anymq.names.subscription[signups/mail]=mails",
                        "anymq.retry.max-attempts=${attempts:9}")
                .run(context -> {
                    MessagingClient client = context.getBean(MessagingClient.class);
                    assertThat(client.producerOptions().maxInFlight()).isEqualTo(7);
                    InMemoryBroker broker = client.unwrap(InMemoryBroker.class).orElseThrow();
                    assertThat(broker.limits().lanes()).isEqualTo(3);
                    assertThat(broker.clients()).containsExactly("shop");
                    AnyMqProperties properties = context.getBean(AnyMqProperties.class);
                    assertThat(properties.getProducer().getMaxInFlight()).isEqualTo(7);
                    assertThat(properties.getRetry().toPolicy()).isEqualTo(RetryPolicy.exponential(9));
                });
    }

    @Test
    void everyTypedPropertyIsAKeyThatTheEngineKnows() {
        runner.withPropertyValues(
                        "anymq.url=inmemory:",
                        "anymq.provision=create",
                        "anymq.connect-timeout=1s",
                        "anymq.operation-timeout=1s",
                        "anymq.producer.max-in-flight=1",
                        "anymq.producer.max-block=1s",
                        "anymq.producer.send-timeout=1s",
                        "anymq.producer.retry=true",
                        "anymq.producer.max-body=1KiB",
                        "anymq.consumer.concurrency=1",
                        "anymq.consumer.max-in-flight=1",
                        "anymq.consumer.max-in-flight-bytes=1MiB",
                        "anymq.consumer.max-blocked=1",
                        "anymq.consumer.max-blocked-bytes=1KiB",
                        "anymq.consumer.max-per-second=1",
                        "anymq.consumer.drain-timeout=1s",
                        "anymq.consumer.keep-alive=false",
                        "anymq.consumer.max-open-outputs=1",
                        "anymq.retry.max-attempts=1",
                        "anymq.retry.initial-delay=1ms",
                        "anymq.retry.multiplier=3",
                        "anymq.retry.max-delay=1s",
                        "anymq.retry.jitter=0.1",
                        "anymq.retry.max-elapsed=1s",
                        "anymq.retry.in-place-limit=1s",
                        "anymq.dead-letter.then=park-key",
                        "anymq.dead-letter.discard=false",
                        "anymq.dead-letter.exception-details=true",
                        "anymq.listener.auto-startup=false",
                        "anymq.ssl.bundle=",
                        "anymq.json.mapper=strict")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void allMistakesAreReportedAtOnceWithTheirPlaces() {
        runner.withPropertyValues(
                        "anymq.retry.max-attemps=3",
                        "anymq.consumer.concurrency=many",
                        "anymq.listener.auto-startup=perhaps",
                        "anymq.inmemory.lines=3")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOfSatisfying(
                                ConfigurationException.class,
                                e -> assertThat(e.problems())
                                        .hasSize(4)
                                        .allMatch(problem -> problem.contains("\" from property source \"test\""))
                                        .anyMatch(problem -> problem.contains("did you mean anymq.retry.max-attempts?"))
                                        .anyMatch(problem -> problem.contains("anymq.consumer.concurrency = many"))
                                        .anyMatch(problem -> problem.contains("must be true or false"))
                                        .anyMatch(problem -> problem.contains("did you mean anymq.inmemory.lanes?"))));
    }

    @Test
    void aMissingAdapterIsNamedWithItsCure() {
        runner.withPropertyValues("anymq.url=kafka://localhost:9092").run(context -> {
            assertThat(context).hasFailed();
            assertThat(new MessagingFailureAnalyzer()
                            .analyze(context.getStartupFailure())
                            .getDescription())
                    .contains("anymq.url (\"anymq.url\" from property source \"test\"): no adapter for 'kafka:'")
                    .contains("put io.anymq:anymq-adapter-kafka on the class path");
        });
    }

    @Test
    void variablesOfTheProcessWinOverFilesInBothSpellings() {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().remove(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME);
        environment
                .getPropertySources()
                .replace(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        new SystemEnvironmentPropertySource(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                                Map.of(
                                        "ANYMQ_PRODUCER_MAX_IN_FLIGHT", "1",
                                        "ANYMQ_PRODUCER_MAXBLOCK", "2s",
                                        "ANYMQ_NAMES", "queue.a=b",
                                        "ANYMQ_SERVICE_HOST", "10.0.0.1",
                                        "ANYMQ_ENABLED", "true")));
        environment
                .getPropertySources()
                .addLast(new org.springframework.core.env.MapPropertySource(
                        "file", Map.of("anymq.producer.max-in-flight", "5", "anymq.producer.max-body", "3")));
        ConfigurationPropertySources.attach(environment);

        assertThat(EnvironmentSettings.read(environment))
                .containsOnlyKeys(
                        "anymq.producer.max-in-flight",
                        "anymq.producer.max-block",
                        "anymq.producer.max-body",
                        "anymq.names")
                .hasEntrySatisfying(
                        "anymq.producer.max-in-flight",
                        setting -> assertThat(setting.value()).isEqualTo("1"))
                .hasEntrySatisfying(
                        "anymq.producer.max-block",
                        setting ->
                                assertThat(setting.origin()).isEqualTo("environment variable ANYMQ_PRODUCER_MAXBLOCK"));
    }

    @Test
    void connectionDetailsReplaceTheUrl() {
        runner.withPropertyValues("anymq.url=kafka://localhost:9092")
                .withBean(AnyMqConnectionDetails.class, () -> () -> "inmemory:of-details")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(InMemoryBroker.named("of-details").clients()).hasSize(1);
                });
    }

    @Configuration(proxyBeanMethods = false)
    static class Parts {
        @Bean
        AnyMqClientCustomizer customizer() {
            return builder -> builder.physicalName(Queue.of("orders"), "orders-placed");
        }

        @Bean
        Interceptor interceptor() {
            return new Interceptor() {
                @Override
                public <T> void aroundSend(SendContext context, Message<T> message, SendChain<T> next) {
                    next.send(message.withHeader("tenant", "acme"));
                }
            };
        }
    }

    @Test
    void interceptorsAndCustomizersArePartOfTheClient() {
        runner.withUserConfiguration(Parts.class).run(context -> {
            MessagingClient client = context.getBean(MessagingClient.class);
            client.producer(Queue.of("orders"), String.class).send("book").get(10, TimeUnit.SECONDS);
            assertThat(client.unwrap(InMemoryBroker.class).orElseThrow().browse("orders-placed"))
                    .singleElement()
                    .satisfies(stored -> assertThat(stored.headers()).containsEntry("tenant", "acme"));
        });
    }

    static final class Shop {
        final Producer<String> constructor;
        final Producer<List<Integer>> lists;
        final Producer<Integer> own;

        Shop(
                @AnyMqProducer(queue = "${shop.queue}") Producer<String> constructor,
                @AnyMqProducer(topic = "numbers") Producer<List<Integer>> lists,
                Producer<Integer> own) {
            this.constructor = constructor;
            this.lists = lists;
            this.own = own;
        }
    }

    @Test
    void producersAreInjectedAndOnesOfTheApplicationPreferred() {
        runner.withPropertyValues("shop.queue=orders")
                .withUserConfiguration(OwnProducer.class)
                .withBean(Shop.class)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    Shop shop = context.getBean(Shop.class);
                    assertThat(shop.constructor.destination()).isEqualTo(Queue.of("orders"));
                    assertThat(shop.lists.destination().name()).isEqualTo("numbers");
                    assertThat(shop.own.destination()).isEqualTo(Queue.of("own"));
                    shop.constructor.send("book").get(10, TimeUnit.SECONDS);
                    shop.lists.send(List.of(1)).get(10, TimeUnit.SECONDS);
                });
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnProducer {
        @Bean
        Producer<Integer> integers(MessagingClient client) {
            return client.producer(Queue.of("own"), Integer.class);
        }
    }

    record NeedsAnnotation(Producer<String> producer) {}

    @Test
    void aProducerWithoutAnnotationIsRefusedWithTheCure() {
        runner.withBean(NeedsAnnotation.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining(
                                "must have @AnyMqProducer with a queue or a topic, or be declared as a bean"));
    }

    @Test
    void aBrokerThatIsDownAtTheStartIsReachedWhenItComes() {
        InMemoryBroker broker = InMemoryBroker.named("down-at-start");
        broker.stop();
        runner.withPropertyValues("anymq.url=inmemory:down-at-start").run(context -> {
            assertThat(context).hasNotFailed();
            MessagingClient client = context.getBean(MessagingClient.class);
            assertThat(client.health(Duration.ofSeconds(2)).status()).isEqualTo(Status.DOWN);
            Producer<String> producer = client.producer(Queue.of("orders"), String.class);
            assertThat(producer.send(Message.of("book").withKey("acme")))
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableThat()
                    .withMessageContaining("could not be reached since the application started");

            broker.start();
            await().until(() -> ((ManagedClient) client).connected().isPresent());

            assertThat(client.health(Duration.ofSeconds(2)).status()).isEqualTo(Status.UP);
            assertThat(producer.blockedKeys()).containsExactly("acme");
            assertThat(producer.send(Message.of("pen").withKey("acme")))
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableThat()
                    .withMessageContaining("resumeKey");
            producer.resumeKey("acme");
            producer.send(Message.of("book").withKey("acme")).get(10, TimeUnit.SECONDS);
            assertThat(broker.browse("orders")).hasSize(1);
        });
        broker.shutdown();
    }
}
