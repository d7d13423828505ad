package io.anymq.spring.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.ConfigurationException;
import io.anymq.MessagingClient;
import io.anymq.MessagingEvent;
import io.anymq.MessagingObserver;
import io.anymq.Queue;
import io.anymq.spring.AnyMqListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.autoproxy.DefaultAdvisorAutoProxyCreator;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.NameMatchMethodPointcut;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Listeners whose beans are proxies. */
class ListenerProxiesTest extends OnListeners {
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

    /** As libraries do that check nothing: an exception that the method does not declare. */
    static class Undeclared {
        @AnyMqListener(queue = "undeclared", retry = "1")
        void greet(String body) {
            Undeclared.<RuntimeException>sneak(new java.io.IOException("no paper"));
        }

        @SuppressWarnings("unchecked") // the way around the compiler's check
        private static <E extends Throwable> void sneak(Throwable failure) throws E {
            throw (E) failure;
        }
    }

    @Test
    void anAttemptFailsWithWhatWasThrownAndNotWithTheProxysWrapper() {
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        MessagingObserver observer = new MessagingObserver() {
            @Override
            public void attemptEnded(MessagingEvent.AttemptEnded event) {
                failures.add(event.failure());
            }
        };
        runner.withUserConfiguration(Proxies.class)
                .withBean(Undeclared.class)
                .withBean(MessagingObserver.class, () -> observer)
                .run(context -> {
                    MessagingClient client = context.getBean(MessagingClient.class);
                    send(client, Queue.of("undeclared"), "x");
                    broker(client).awaitIdle(LIMIT);
                    assertThat(failures)
                            .singleElement()
                            .satisfies(failure -> assertThat(failure)
                                    .isInstanceOf(java.io.IOException.class)
                                    .hasMessage("no paper"));
                });
    }

    static class Final {
        @AnyMqListener(queue = "final")
        final void handle(String body) {}

        void greet(String body) {}
    }

    static class OnlyInTheClass implements Runnable {
        @AnyMqListener(queue = "class-only")
        public void greet(String body) {}

        @Override
        public void run() {}
    }

    @Test
    void aMethodThatAProxyCannotPassOnIsRefusedWithTheCure() {
        runner.withUserConfiguration(Proxies.class)
                .withBean(Final.class)
                .withBean(OnlyInTheClass.class)
                .run(context -> assertThat(((ConfigurationException) context.getStartupFailure()).problems())
                        .hasSize(2)
                        .anyMatch(p -> p.contains("must not be final, because its bean is a proxy that overrides it"))
                        .anyMatch(p -> p.contains("cannot be called through the bean's proxy")));
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
}
