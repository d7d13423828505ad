package io.anymq.spring.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anymq.ConfigurationException;
import io.anymq.MessagingClient;
import io.anymq.Queue;
import io.anymq.spring.AnyMqListener;
import io.anymq.spring.AnyMqListenerContainer.State;
import io.anymq.spring.AnyMqListenerRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.ObjectFactory;
import org.springframework.beans.factory.config.CustomScopeConfigurer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ScopedProxyMode;

/** Listeners of beans that are not made once, at the start. */
class ListenerScopesTest extends OnListeners {
    static class Plain {
        final List<String> seen = new CopyOnWriteArrayList<>();

        @AnyMqListener(id = "plain", queue = "plain")
        void handle(String body) {
            seen.add(body);
        }
    }

    static class Wrong {
        @AnyMqListener(topic = "signups")
        void handle(String body) {}
    }

    @Test
    void aLazyBeansListenerStartsWhenTheBeanIsMade() {
        runner.withBean(Plain.class, Plain::new, definition -> definition.setLazyInit(true))
                .run(context -> {
                    AnyMqListenerRegistry registry = context.getBean(AnyMqListenerRegistry.class);
                    assertThat(registry.listeners()).isEmpty();

                    Plain plain = context.getBean(Plain.class);

                    assertThat(registry.listener("plain").orElseThrow().state()).isEqualTo(State.RUNNING);
                    MessagingClient client = context.getBean(MessagingClient.class);
                    send(client, Queue.of("plain"), "x");
                    broker(client).awaitIdle(LIMIT);
                    assertThat(plain.seen).containsExactly("x");
                });
    }

    @Test
    void aMistakeInALazyBeanFailsThatBeanAndNotTheApplication() {
        runner.withBean(Plain.class)
                .withBean(Wrong.class, Wrong::new, definition -> definition.setLazyInit(true))
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThatThrownBy(() -> context.getBean(Wrong.class))
                            .rootCause()
                            .isInstanceOf(ConfigurationException.class)
                            .hasMessageContaining("names the topic 'signups' without a subscription");
                    assertThat(context.getBean(AnyMqListenerRegistry.class).listeners())
                            .singleElement()
                            .satisfies(listener -> assertThat(listener.state()).isEqualTo(State.RUNNING));
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"prototype", "request"})
    void aScopeWithoutABeanForEachMessageIsRefusedBeforeAnythingStarts(String scope) {
        runner.withBean("plain", Plain.class, Plain::new, definition -> definition.setScope(scope))
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOf(ConfigurationException.class)
                        .hasMessageContaining("'plain'")
                        .hasMessageContaining("cannot belong to the scope '" + scope + "'")
                        .hasMessageContaining("make the bean a singleton"));
    }

    /** A scope whose beans are replaced at any time, as those of Spring Cloud's refresh. */
    static final class Refreshed implements org.springframework.beans.factory.config.Scope {
        private final Map<String, Object> beans = new ConcurrentHashMap<>();

        void refresh() {
            beans.clear();
        }

        @Override
        public Object get(String name, ObjectFactory<?> factory) {
            return beans.computeIfAbsent(name, key -> factory.getObject());
        }

        @Override
        public @Nullable Object remove(String name) {
            return beans.remove(name);
        }

        @Override
        public void registerDestructionCallback(String name, Runnable callback) {}
    }

    static class Numbered {
        static final AtomicInteger MADE = new AtomicInteger();
        static final List<String> SEEN = new CopyOnWriteArrayList<>();

        private final int number = MADE.incrementAndGet();

        @AnyMqListener(queue = "numbered")
        void handle(String body) {
            SEEN.add(body + " by " + number);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class InScope {
        @Bean
        static Refreshed refreshed() {
            return new Refreshed();
        }

        @Bean
        static CustomScopeConfigurer scopes(Refreshed refreshed) {
            CustomScopeConfigurer scopes = new CustomScopeConfigurer();
            scopes.addScope("refreshed", refreshed);
            return scopes;
        }

        @Bean
        @org.springframework.context.annotation.Scope(value = "refreshed", proxyMode = ScopedProxyMode.TARGET_CLASS)
        Numbered numbered() {
            return new Numbered();
        }
    }

    @Test
    void aBeanBehindAProxyOfItsScopeIsTheOneOfThatTime() {
        Numbered.MADE.set(0);
        Numbered.SEEN.clear();
        runner.withUserConfiguration(InScope.class).run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(context.getBean(AnyMqListenerRegistry.class).listeners()).hasSize(1);
            Numbered.MADE.set(0);
            context.getBean(Refreshed.class).refresh();
            MessagingClient client = context.getBean(MessagingClient.class);
            send(client, Queue.of("numbered"), "first");
            broker(client).awaitIdle(LIMIT);
            context.getBean(Refreshed.class).refresh();
            send(client, Queue.of("numbered"), "second");
            broker(client).awaitIdle(LIMIT);
            assertThat(Numbered.SEEN).hasSize(2);
            assertThat(Numbered.SEEN.get(0)).startsWith("first by ");
            assertThat(Numbered.SEEN.get(1)).startsWith("second by ");
            assertThat(Numbered.SEEN.get(0).substring(6))
                    .isNotEqualTo(Numbered.SEEN.get(1).substring(7));
        });
    }
}
