package io.anymq.spring.testcontainers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetailsFactory;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.FailureHandler;
import org.testcontainers.activemq.ActiveMQContainer;
import org.testcontainers.activemq.ArtemisContainer;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.kafka.ConfluentKafkaContainer;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.rabbitmq.RabbitMQContainer;

/** Without an engine: the containers say where they would be, and are never started. */
class ContainerConnectionDetailsTest {
    static Stream<Arguments> urls() {
        return Stream.of(
                Arguments.of(
                        new KafkaContainerConnectionDetailsFactory().url(new KafkaContainer("apache/kafka:4.1.0") {
                            @Override
                            public String getBootstrapServers() {
                                return "localhost:32768";
                            }
                        }),
                        "kafka://localhost:32768"),
                Arguments.of(
                        new ConfluentKafkaContainerConnectionDetailsFactory()
                                .url(new ConfluentKafkaContainer("confluentinc/cp-kafka:8.0.0") {
                                    @Override
                                    public String getBootstrapServers() {
                                        return "PLAINTEXT://localhost:32768";
                                    }
                                }),
                        "kafka://localhost:32768"),
                Arguments.of(
                        new RabbitMqContainerConnectionDetailsFactory().url(new RabbitMQContainer("rabbitmq:4") {
                            @Override
                            public String getHost() {
                                return "localhost";
                            }

                            @Override
                            public Integer getMappedPort(int port) {
                                return port + 1;
                            }

                            @Override
                            public String getAdminPassword() {
                                return "a/b c";
                            }
                        }),
                        "rabbitmq://guest:a%2Fb%20c@localhost:5673"),
                Arguments.of(
                        new ActiveMqContainerConnectionDetailsFactory()
                                .url(
                                        new ActiveMQContainer("apache/activemq:6.1.8") {
                                            @Override
                                            public String getHost() {
                                                return "localhost";
                                            }

                                            @Override
                                            public Integer getMappedPort(int port) {
                                                return port + 1;
                                            }
                                        }.withUser("u").withPassword("p")),
                        "activemq://u:p@localhost:61617"),
                Arguments.of(
                        new ArtemisContainerConnectionDetailsFactory()
                                .url(new ArtemisContainer("apache/activemq-artemis:2.43.0") {
                                    // set when it starts
                                    @Override
                                    public String getUser() {
                                        return "u";
                                    }

                                    @Override
                                    public String getPassword() {
                                        return "p";
                                    }

                                    @Override
                                    public String getHost() {
                                        return "localhost";
                                    }

                                    @Override
                                    public Integer getMappedPort(int port) {
                                        return port + 1;
                                    }
                                }),
                        "activemq://u:p@localhost:61617"),
                Arguments.of(
                        new RocketMqContainerConnectionDetailsFactory().url(new RocketMqContainer()),
                        "rocketmq://localhost:9877"));
    }

    private static final class RocketMqContainer extends GenericContainer<RocketMqContainer> {
        RocketMqContainer() {
            super("apache/rocketmq:5.5.0");
        }

        @Override
        public String getHost() {
            return "localhost";
        }

        @Override
        public Integer getMappedPort(int port) {
            return port + 1;
        }
    }

    @ParameterizedTest
    @MethodSource("urls")
    void aContainerHasItsUrl(String url, String expected) {
        assertThat(url).isEqualTo(expected);
    }

    @Test
    void everyFactoryIsRegistered() {
        @SuppressWarnings("rawtypes")
        List<ConnectionDetailsFactory> factories = SpringFactoriesLoader.forDefaultResourceLocation()
                .load(ConnectionDetailsFactory.class, FailureHandler.handleMessage((message, failure) -> {
                    // others lack what they are for, which is not on this class path
                }));
        assertThat(factories)
                .filteredOn(BrokerContainerConnectionDetailsFactory.class::isInstance)
                .hasSize(6);
    }
}
