package io.anymq.spring.autoconfigure;

import io.anymq.API;
import io.anymq.Codec;
import io.anymq.Interceptor;
import io.anymq.MessagingClient;
import io.anymq.MessagingObserver;
import io.anymq.Producer;
import io.anymq.TimeSource;
import io.anymq.jackson3.Jackson3Codec;
import io.anymq.json.JsonCodec;
import io.anymq.spi.BrokerAdapter;
import io.anymq.spring.AnyMqClientCustomizer;
import io.anymq.spring.AnyMqListenerRegistry;
import io.anymq.spring.listener.HandlerDecorator;
import io.anymq.spring.listener.ListenerBeanPostProcessor;
import io.anymq.spring.listener.ListenerDefaults;
import io.anymq.spring.listener.ListenerRegistry;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InjectionPoint;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnThreading;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.thread.Threading;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;
import org.springframework.context.annotation.Scope;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.task.VirtualThreadTaskExecutor;

/**
 * The client, its producers and the listeners. {@code anymq.enabled=false} makes none of these beans. A {@link
 * MessagingClient} bean of the application takes the place of the client.
 */
@AutoConfiguration(
        after = SslAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration",
            "org.springframework.boot.jackson2.autoconfigure.Jackson2AutoConfiguration"
        })
@ConditionalOnClass(MessagingClient.class)
@ConditionalOnBooleanProperty(name = "anymq.enabled", matchIfMissing = true)
@EnableConfigurationProperties
@API(API.Status.EVOLVING)
public final class AnyMqAutoConfiguration {
    private static final Logger log = LoggerFactory.getLogger(AnyMqAutoConfiguration.class);

    private static final String HANDLER_EXECUTOR = "anyMqHandlerExecutor";
    private static final String PHASE_TIMEOUT = "spring.lifecycle.timeout-per-shutdown-phase";

    /** Called by Spring. */
    public AnyMqAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean(AnyMqConnectionDetails.class)
    AnyMqConnectionDetails anyMqConnectionDetails(
            ConfigurableEnvironment environment, ObjectProvider<SslBundles> bundles) {
        return new PropertiesAnyMqConnectionDetails(environment, bundles.getIfAvailable());
    }

    @Bean
    @ConditionalOnMissingBean(MessagingClient.class)
    AnyMqClientFactory anyMqClientFactory(
            ConfigurableEnvironment environment,
            AnyMqConnectionDetails details,
            ObjectProvider<Codec> codecs,
            ObjectProvider<JsonCodecHolder> json,
            ObjectProvider<Interceptor> interceptors,
            ObjectProvider<MessagingObserver> observers,
            ObjectProvider<BrokerAdapter> adapters,
            ObjectProvider<TimeSource> time,
            @Qualifier(HANDLER_EXECUTOR) ObjectProvider<Executor> handlers,
            ObjectProvider<AnyMqClientCustomizer> customizers) {
        AnyMqClientFactory factory = new AnyMqClientFactory(environment, details);
        factory.codecs(codecs, json);
        factory.around(interceptors, observers);
        factory.environment(adapters, time, handlers.getIfAvailable());
        factory.customizers(customizers);
        return factory;
    }

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean(MessagingClient.class)
    MessagingClient anyMqClient(AnyMqClientFactory factory) {
        return factory.open();
    }

    /** Bound after the client has checked the texts, so that its list of mistakes comes before a single one from here. */
    @Bean
    @ConditionalOnMissingBean
    AnyMqProperties anyMqProperties(MessagingClient checked) {
        return new AnyMqProperties();
    }

    @Bean
    ProducerInjection anyMqProducerInjection(MessagingClient client, ConfigurableListableBeanFactory beans) {
        return new ProducerInjection(client, beans);
    }

    /** As its injection point says; those of the application are preferred. */
    @Bean
    @Fallback
    @Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
    <T> Producer<T> anyMqProducer(ProducerInjection producers, InjectionPoint injectionPoint) {
        return producers.at(injectionPoint);
    }

    @Bean
    static ListenerBeanPostProcessor anyMqListenerBeanPostProcessor() {
        return new ListenerBeanPostProcessor();
    }

    /** With {@code spring.main.lazy-initialization}, a bean that only listens would never be made. */
    @Bean
    static LazyInitializationExcludeFilter anyMqListenersAreNotLazy() {
        return (name, definition, type) ->
                !ListenerBeanPostProcessor.methodsOf(type).isEmpty()
                        || AnyMqListenerRegistry.class.isAssignableFrom(type);
    }

    @Bean
    @ConditionalOnMissingBean(AnyMqListenerRegistry.class)
    ListenerRegistry anyMqListenerRegistry(
            ConfigurableListableBeanFactory beans,
            ListenerBeanPostProcessor methods,
            MessagingClient client,
            AnyMqProperties properties,
            ConfigurableEnvironment environment,
            ObjectProvider<HandlerDecorator> decorators) {
        Duration drain = properties.getConsumer().getDrainTimeout();
        Duration phase = environment.getProperty(PHASE_TIMEOUT, Duration.class, Duration.ofSeconds(30));
        return new ListenerRegistry(
                beans,
                methods,
                client,
                new ListenerDefaults(
                        properties.getRetry().toPolicy(),
                        properties.getDeadLetter().toPolicy(),
                        properties.getListener().isAutoStartup(),
                        drainTimeout(drain == null ? Duration.ofSeconds(30) : drain, phase),
                        decorators.getIfAvailable()));
    }

    /** Two seconds less than Spring waits for a phase, because it goes on to close data sources then. */
    private static Duration drainTimeout(Duration drain, Duration phase) {
        Duration most = phase.compareTo(Duration.ofSeconds(4)) > 0 ? phase.minusSeconds(2) : phase.dividedBy(2);
        return drain.compareTo(most) < 0 ? drain : most;
    }

    /** Handlers on virtual threads, by Spring Boot's own switch. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnThreading(Threading.VIRTUAL)
    static class VirtualThreads {
        @Bean(name = HANDLER_EXECUTOR, defaultCandidate = false)
        @ConditionalOnMissingBean(name = HANDLER_EXECUTOR)
        Executor anyMqHandlerExecutor() {
            return new VirtualThreadTaskExecutor("anymq-handler-");
        }
    }

    /** The application's; null for the codec's own. */
    private static <M> @Nullable M mapper(ObjectProvider<M> mappers, Environment environment) {
        if (environment.getProperty("anymq.json.mapper", "").equalsIgnoreCase("strict")) {
            return null;
        }
        M mapper = mappers.getIfUnique();
        if (mapper == null && mappers.stream().findAny().isPresent()) {
            log.warn(
                    "There are several mappers for JSON and none is @Primary; messages are read and written with AnyMQ's"
                            + " own, as with anymq.json.mapper=strict");
        }
        return mapper;
    }

    /** Bodies as JSON by Jackson 3, which is preferred where both are there. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({Jackson3Codec.class, tools.jackson.databind.json.JsonMapper.class})
    static class Jackson3 {
        @Bean
        JsonCodecHolder anyMqJsonCodec(
                ObjectProvider<tools.jackson.databind.json.JsonMapper> mappers, Environment environment) {
            tools.jackson.databind.json.JsonMapper mapper = mapper(mappers, environment);
            return new JsonCodecHolder(mapper == null ? new Jackson3Codec() : Jackson3Codec.of(mapper));
        }
    }

    /** Bodies as JSON by Jackson 2. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({JsonCodec.class, com.fasterxml.jackson.databind.ObjectMapper.class})
    @ConditionalOnMissingClass("io.anymq.jackson3.Jackson3Codec")
    static class Jackson2 {
        @Bean
        JsonCodecHolder anyMqJson2Codec(
                ObjectProvider<com.fasterxml.jackson.databind.ObjectMapper> mappers, Environment environment) {
            com.fasterxml.jackson.databind.ObjectMapper mapper = mapper(mappers, environment);
            return new JsonCodecHolder(mapper == null ? new JsonCodec() : JsonCodec.of(mapper));
        }
    }
}
