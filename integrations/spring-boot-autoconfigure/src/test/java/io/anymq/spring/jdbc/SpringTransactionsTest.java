package io.anymq.spring.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.anymq.Delivery;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.Queue;
import io.anymq.inmemory.broker.InMemoryBroker;
import io.anymq.jdbc.Inbox;
import io.anymq.jdbc.Outbox;
import io.anymq.jdbc.OutboxRelay;
import io.anymq.jdbc.TransactionRequiredException;
import io.anymq.jdbc.Transactions;
import io.anymq.spring.AnyMqListener;
import io.anymq.spring.autoconfigure.AnyMqAutoConfiguration;
import io.anymq.spring.autoconfigure.AnyMqJdbcAutoConfiguration;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.interceptor.TransactionAspectSupport;

class SpringTransactionsTest {
    private static final Queue PAYMENTS = Queue.of("payments");
    private static final Queue RECEIPTS = Queue.of("receipts");

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(AnyMqAutoConfiguration.class, AnyMqJdbcAutoConfiguration.class))
            .withUserConfiguration(Database.class)
            .withPropertyValues(
                    "anymq.retry.initial-delay=1ms", "anymq.jdbc.schema=create", "anymq.jdbc.outbox-poll=5ms");

    @Configuration(proxyBeanMethods = false)
    @EnableTransactionManagement(proxyTargetClass = true)
    static class Database {
        @Bean
        DataSource dataSource() {
            return new DriverManagerDataSource("jdbc:h2:mem:" + System.nanoTime() + ";DB_CLOSE_DELAY=-1", "sa", "");
        }

        @Bean
        PlatformTransactionManager transactionManager(DataSource dataSource) {
            return new DataSourceTransactionManager(dataSource);
        }

        @Bean
        JdbcTemplate jdbcTemplate(DataSource dataSource) {
            JdbcTemplate jdbc = new JdbcTemplate(dataSource);
            jdbc.execute("CREATE TABLE effects (id VARCHAR(64), attempt INTEGER)");
            return jdbc;
        }
    }

    /** Its method joins the inbox's transaction, as JdbcTemplate does. */
    static class Accounts {
        private final JdbcTemplate jdbc;

        Accounts(JdbcTemplate jdbc) {
            this.jdbc = jdbc;
        }

        @Transactional
        public void book(String id, int attempt) {
            jdbc.update("INSERT INTO effects VALUES (?, ?)", id, attempt);
        }
    }

    static class Payments {
        final List<String> seen = new CopyOnWriteArrayList<>();
        private final Accounts accounts;

        Payments(Accounts accounts) {
            this.accounts = accounts;
        }

        @AnyMqListener(queue = "payments")
        public void pay(Delivery<String> delivery) {
            seen.add(delivery.id() + "/" + delivery.attempt());
            accounts.book(delivery.id(), delivery.attempt());
            delivery.publish(RECEIPTS, "receipt of " + delivery.id());
            if (delivery.attempt() == 1 && delivery.body().equals("throws")) {
                throw new IllegalStateException("on purpose");
            }
        }
    }

    private static void send(MessagingClient client, String id, String body) throws Exception {
        client.producer(PAYMENTS, String.class)
                .send(Message.of(body).withId(id))
                .get(10, TimeUnit.SECONDS);
    }

    @Test
    void aListenerItsMarkAndItsOutputsAreOneTransaction() {
        runner.withPropertyValues("anymq.inbox.enabled=true", "anymq.outbox.enabled=true")
                .withBean(Accounts.class)
                .withBean(Payments.class)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    MessagingClient client = context.getBean(MessagingClient.class);
                    InMemoryBroker broker = client.unwrap(InMemoryBroker.class).orElseThrow();
                    List<String> receipts = new CopyOnWriteArrayList<>();
                    client.consumer(RECEIPTS, String.class).start(delivery -> receipts.add(delivery.body()));
                    for (int copy = 0; copy < 2; copy++) {
                        send(client, "plain", "plain");
                        send(client, "thrown", "throws");
                        broker.awaitIdle(Duration.ofSeconds(10));
                    }
                    await().atMost(Duration.ofSeconds(10)).until(() -> receipts.size() >= 2);
                    broker.awaitIdle(Duration.ofSeconds(10));
                    JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
                    assertThat(jdbc.queryForList("SELECT id || '/' || attempt FROM effects", String.class))
                            .containsExactlyInAnyOrder("plain/1", "thrown/2");
                    assertThat(receipts).containsExactlyInAnyOrder("receipt of plain", "receipt of thrown");
                    assertThat(context.getBean(Payments.class).seen)
                            .containsExactlyInAnyOrder("plain/1", "thrown/1", "thrown/2");
                    assertThat(jdbc.queryForObject("SELECT COUNT(*) FROM anymq_inbox", Integer.class))
                            .isEqualTo(2);
                });
    }

    @Test
    void aTransactionMarkedForRollbackIsAFailedAttempt() {
        runner.withPropertyValues("anymq.inbox.enabled=true", "anymq.outbox.enabled=true")
                .withBean(Accounts.class)
                .withBean(Marking.class)
                .run(context -> {
                    MessagingClient client = context.getBean(MessagingClient.class);
                    send(client, "marked", "x");
                    client.unwrap(InMemoryBroker.class).orElseThrow().awaitIdle(Duration.ofSeconds(10));
                    assertThat(context.getBean(JdbcTemplate.class)
                                    .queryForList("SELECT attempt FROM effects", Integer.class))
                            .containsExactly(2);
                });
    }

    /** Its own @Transactional joins the inbox's transaction. */
    static class Marking {
        private final Accounts accounts;

        Marking(Accounts accounts) {
            this.accounts = accounts;
        }

        @Transactional
        @AnyMqListener(queue = "payments")
        public void pay(Delivery<String> delivery) {
            accounts.book(delivery.id(), delivery.attempt());
            if (delivery.attempt() == 1) {
                TransactionAspectSupport.currentTransactionStatus().setRollbackOnly();
            }
        }
    }

    static class Shop {
        private final Outbox outbox;
        private final JdbcTemplate jdbc;

        Shop(Outbox outbox, JdbcTemplate jdbc) {
            this.outbox = outbox;
            this.jdbc = jdbc;
        }

        @Transactional
        public void sell(String id, boolean fails) {
            jdbc.update("INSERT INTO effects VALUES (?, 0)", id);
            outbox.producer(RECEIPTS, String.class).send("sold " + id);
            if (fails) {
                throw new IllegalStateException("on purpose");
            }
        }
    }

    @Test
    void whatATransactionalMethodSendsGoesWithItsCommit() {
        runner.withPropertyValues("anymq.outbox.enabled=true")
                .withBean(Shop.class)
                .run(context -> {
                    MessagingClient client = context.getBean(MessagingClient.class);
                    List<String> receipts = new CopyOnWriteArrayList<>();
                    client.consumer(RECEIPTS, String.class).start(delivery -> receipts.add(delivery.body()));
                    Shop shop = context.getBean(Shop.class);
                    assertThatThrownBy(() -> shop.sell("a", true)).hasMessage("on purpose");
                    shop.sell("b", false);
                    Outbox outbox = context.getBean(Outbox.class);
                    assertThatThrownBy(() ->
                                    outbox.producer(RECEIPTS, String.class).send("x"))
                            .isInstanceOf(TransactionRequiredException.class);
                    await().atMost(Duration.ofSeconds(10)).until(() -> !receipts.isEmpty());
                    assertThat(context.getBean(OutboxRelay.class).stopped()).isEmpty();
                    assertThat(receipts).containsExactly("sold b");
                });
    }

    @Test
    void thereIsNoInboxAndNoOutboxUnlessAsked() {
        runner.run(context -> assertThat(context)
                .hasSingleBean(Transactions.class)
                .doesNotHaveBean(Inbox.class)
                .doesNotHaveBean(Outbox.class)
                .doesNotHaveBean(OutboxRelay.class));
        runner.withPropertyValues("anymq.outbox.enabled=true", "anymq.outbox.relay=false")
                .run(context -> assertThat(context).hasSingleBean(Outbox.class).doesNotHaveBean(OutboxRelay.class));
    }

    static class Stages {
        @AnyMqListener(queue = "payments")
        CompletionStage<?> pay(String body) {
            return CompletableFuture.completedStage(body);
        }
    }

    @Test
    void aListenerThatReturnsAStageIsRefused() {
        runner.withPropertyValues("anymq.inbox.enabled=true")
                .withBean(Stages.class)
                .run(context -> assertThat(context.getStartupFailure())
                        .hasMessageContaining("must return void, because its transaction ends when it returns"));
    }
}
