package io.anymq.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.MessagingClient;
import io.anymq.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class VirtualThreadsTest {
    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(AnyMqAutoConfiguration.class));

    private static String handlerThread(AssertableApplicationContext context) throws Exception {
        MessagingClient client = context.getBean(MessagingClient.class);
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        client.consumer(Queue.of("q"), String.class).start(delivery -> thread.complete(Thread.currentThread()));
        client.producer(Queue.of("q"), String.class).send("x").get(10, TimeUnit.SECONDS);
        return thread.get(10, TimeUnit.SECONDS).getName();
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void handlersRunOnVirtualThreadsBySpringBootsSwitch() {
        runner.withPropertyValues("spring.threads.virtual.enabled=true")
                .run(context -> assertThat(handlerThread(context)).startsWith("anymq-handler-"));
    }

    @Test
    void otherwiseTheyRunOnThreadsOfTheConsumer() {
        runner.run(context -> assertThat(handlerThread(context)).startsWith("anymq-handle-q"));
    }
}
