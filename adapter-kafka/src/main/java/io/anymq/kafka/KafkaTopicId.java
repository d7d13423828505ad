package io.anymq.kafka;

import io.anymq.spi.support.Cadence;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The id of a topic, by which one that was deleted and created again under its name is told from the one before. Kafka
 * addresses commits by name, so that an offset of the old topic can end up at the new one.
 *
 * <p>{@link Uuid#ZERO_UUID} means that it is not known: the broker is older than 2.8, or does not answer. Used by the
 * receiver's thread.
 */
final class KafkaTopicId {
    private static final Duration BETWEEN_QUESTIONS = Duration.ofSeconds(1);

    private final Admin admin;
    private final String topic;
    private final Duration timeout;
    private final Cadence cadence = new Cadence(BETWEEN_QUESTIONS);
    private @Nullable CompletableFuture<TopicDescription> asked;

    /** {@code timeout} is for each request. */
    KafkaTopicId(Admin admin, String topic, Duration timeout) {
        this.admin = admin;
        this.topic = topic;
        this.timeout = timeout;
    }

    String topic() {
        return topic;
    }

    /** Asks the broker and waits for its answer. */
    Uuid now() {
        try {
            return ask().get(timeout.toMillis(), TimeUnit.MILLISECONDS).topicId();
        } catch (ExecutionException | TimeoutException e) {
            return Uuid.ZERO_UUID;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Uuid.ZERO_UUID;
        }
    }

    /** It matters again: the next {@link #answer} is to come from a question that is not asked yet. */
    void request() {
        cadence.request();
    }

    /** What the broker has answered, once for each question; asks in the background, at most once a second. */
    Uuid answer() {
        CompletableFuture<TopicDescription> question = asked;
        if (question != null && question.isDone()) {
            asked = null;
            return question.isCompletedExceptionally()
                    ? Uuid.ZERO_UUID
                    : question.join().topicId();
        }
        if (question == null && cadence.isDue()) {
            asked = ask();
        }
        return Uuid.ZERO_UUID;
    }

    private CompletableFuture<TopicDescription> ask() {
        cadence.restart();
        DescribeTopicsOptions options =
                new DescribeTopicsOptions().timeoutMs((int) Math.min(timeout.toMillis(), Integer.MAX_VALUE));
        KafkaFuture<TopicDescription> answer = Objects.requireNonNull(
                admin.describeTopics(List.of(topic), options).topicNameValues().get(topic));
        return answer.toCompletionStage().toCompletableFuture();
    }
}
