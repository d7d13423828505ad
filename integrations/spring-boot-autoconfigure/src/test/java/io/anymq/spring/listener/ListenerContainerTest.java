package io.anymq.spring.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.anymq.ErrorCode;
import io.anymq.Health;
import io.anymq.MessagingClient;
import io.anymq.MessagingException;
import io.anymq.spring.AnyMqListener;
import io.anymq.spring.AnyMqListenerContainer;
import io.anymq.spring.AnyMqListenerContainer.State;
import io.anymq.spring.AnyMqListenerRegistry;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** A listener goes on whatever is thrown while it starts: codecs, adapters and stores belong to the application. */
class ListenerContainerTest extends OnListeners {
    static class Handler {
        @AnyMqListener(id = "auto", queue = "auto")
        void auto(String body) {}

        @AnyMqListener(id = "manual", queue = "manual", autoStartup = "false")
        void manual(String body) {}
    }

    /** A client whose next consumers cannot be built, for these reasons. */
    private static MessagingClient failing(Queue<Throwable> failures) {
        MessagingClient client = client("inmemory:");
        return (MessagingClient) Proxy.newProxyInstance(
                MessagingClient.class.getClassLoader(),
                new Class<?>[] {MessagingClient.class},
                (proxy, method, arguments) -> {
                    Throwable failure = method.getName().equals("consumer") ? failures.poll() : null;
                    if (failure != null) {
                        throw failure;
                    }
                    try {
                        return method.invoke(client, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void anErrorWhileTheBrokerIsAwaitedDoesNotEndTheWaiting() {
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        failures.add(new MessagingException(ErrorCode.UNAVAILABLE, "the broker is away", true, null));
        failures.add(new LinkageError("a library that does not fit"));
        runner.withBean(MessagingClient.class, () -> failing(failures))
                .withBean(Handler.class)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    AnyMqListenerContainer auto = context.getBean(AnyMqListenerRegistry.class)
                            .listener("auto")
                            .orElseThrow();
                    assertThat(auto.state()).isEqualTo(State.WAITING);
                    await().until(() -> auto.state() == State.RUNNING);
                    assertThat(failures).isEmpty();
                });
    }

    @Test
    void aStartThatFailsWithAnErrorSaysSoAndCanBeRepeated() {
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        runner.withBean(MessagingClient.class, () -> failing(failures))
                .withBean(Handler.class)
                .run(context -> {
                    AnyMqListenerContainer manual = context.getBean(AnyMqListenerRegistry.class)
                            .listener("manual")
                            .orElseThrow();
                    failures.add(new LinkageError("a library that does not fit"));
                    assertThatThrownBy(manual::start).isInstanceOf(LinkageError.class);
                    assertThat(manual.state()).isEqualTo(State.FAILED);
                    assertThat(manual.health()).isEqualTo(Health.down("a library that does not fit"));
                    manual.start();
                    assertThat(manual.state()).isEqualTo(State.RUNNING);
                });
    }
}
