package io.anymq.spring.autoconfigure;

import io.anymq.API;
import io.anymq.Codec;
import io.anymq.MessagingClient;
import io.anymq.jdbc.Inbox;
import io.anymq.jdbc.Outbox;
import io.anymq.jdbc.OutboxRelay;
import io.anymq.jdbc.Transactions;
import io.anymq.spring.jdbc.InboxHandlers;
import io.anymq.spring.jdbc.SpringTransactions;
import io.anymq.spring.listener.HandlerDecorator;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * An inbox around the listeners and an outbox, in Spring's transactions, where {@code anymq-jdbc} and one data source with
 * its transaction manager are there.
 */
@API(API.Status.EXPERIMENTAL)
@AutoConfiguration(
        after = AnyMqAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
            "org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration",
            "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration"
        })
@ConditionalOnClass({Inbox.class, DataSourceUtils.class, PlatformTransactionManager.class})
@ConditionalOnSingleCandidate(DataSource.class)
@ConditionalOnBooleanProperty(name = "anymq.enabled", matchIfMissing = true)
public final class AnyMqJdbcAutoConfiguration {
    /** Called by Spring. */
    public AnyMqJdbcAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnSingleCandidate(PlatformTransactionManager.class)
    Transactions anyMqTransactions(DataSource dataSource, PlatformTransactionManager manager) {
        return new SpringTransactions(dataSource, manager);
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnBooleanProperty("anymq.outbox.enabled")
    Outbox anyMqOutbox(
            Transactions transactions,
            MessagingClient client,
            ObjectProvider<Codec> codecs,
            ObjectProvider<JsonCodecHolder> json) {
        Outbox.Builder builder = Outbox.builder(transactions).configured(client.config("jdbc"));
        codecs.orderedStream().forEach(builder::codec);
        json.ifAvailable(holder -> builder.codec(holder.codec()));
        return builder.build();
    }

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    @ConditionalOnBooleanProperty("anymq.outbox.enabled")
    @ConditionalOnBooleanProperty(name = "anymq.outbox.relay", matchIfMissing = true)
    OutboxRelay anyMqOutboxRelay(Outbox outbox, MessagingClient client) {
        return outbox.relay(client).configured(client.config("jdbc")).start();
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnBooleanProperty("anymq.inbox.enabled")
    Inbox anyMqInbox(Transactions transactions, MessagingClient client, ObjectProvider<Outbox> outbox) {
        Inbox.Builder builder = Inbox.builder(transactions).configured(client.config("jdbc"));
        outbox.ifAvailable(builder::outbox);
        return builder.build();
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnBooleanProperty("anymq.inbox.enabled")
    HandlerDecorator anyMqInboxHandlers(Inbox inbox) {
        return new InboxHandlers(inbox);
    }
}
