package io.anymq.spring.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.ConfigurationException;
import io.anymq.Delivery;
import io.anymq.spring.AnyMqListener;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.springframework.resilience.annotation.Retryable;
import org.springframework.scheduling.annotation.Async;

/** What is wrong with listeners is told before one of them starts. */
class ListenerMistakesTest extends OnListeners {
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

    @Retention(RetentionPolicy.RUNTIME)
    @Retryable
    @interface WithPatience {}

    interface Patient {
        @Retryable
        void onInterface(String body);
    }

    @Retention(RetentionPolicy.RUNTIME)
    @AnyMqListener(queue = "b")
    @interface OnB {}

    @Async
    static class WholeClass {
        @AnyMqListener(queue = "a")
        void inAsyncClass(String body) {}
    }

    static class Hidden implements Patient {
        @AnyMqListener(queue = "a", id = "meta")
        @WithPatience
        void metaRetryable(String body) {}

        @Override
        @AnyMqListener(queue = "a", id = "interface")
        public void onInterface(String body) {}

        @AnyMqListener(queue = "a")
        @OnB
        void twice(String body) {}

        @AnyMqListener(queue = "a", id = "message")
        void message(io.anymq.Message<String> message) {}

        @AnyMqListener(queue = "a", id = "static")
        static void ofTheClass(String body) {}

        @AnyMqListener(queue = "a", id = "future", autoStartup = "perhaps")
        java.util.concurrent.Future<Void> future(String body) {
            return CompletableFuture.completedFuture(null);
        }
    }

    @Test
    void whatStandsElsewhereIsSeenAsWell() {
        runner.withBean(Hidden.class)
                .withBean(WholeClass.class)
                .run(context -> assertThat(((ConfigurationException) context.getStartupFailure()).problems())
                        .hasSize(8)
                        .anyMatch(p -> p.contains(".metaRetryable must not be @Retryable"))
                        .anyMatch(p -> p.contains(".onInterface must not be @Retryable"))
                        .anyMatch(p -> p.contains("(@Async is on WholeClass)"))
                        .anyMatch(p -> p.contains(".twice must have one @AnyMqListener"))
                        .anyMatch(p -> p.contains("but takes a io.anymq.Message; take a Delivery of its body"))
                        .anyMatch(p -> p.contains(".ofTheClass must not be static"))
                        .anyMatch(p -> p.contains(".future must return void or a CompletionStage, but returns Future"))
                        .anyMatch(p -> p.contains("has autoStartup 'perhaps', which must be true or false")));
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
}
