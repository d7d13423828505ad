package io.anymq.spring.autoconfigure;

import io.anymq.ConfigurationException;
import io.anymq.Destination;
import io.anymq.MessagingClient;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.Topic;
import io.anymq.TypeRef;
import io.anymq.spring.AnyMqProducer;
import java.lang.reflect.Member;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.beans.factory.InjectionPoint;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.DependencyDescriptor;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;

/**
 * The producers for places with {@link AnyMqProducer}, one for all places that say the same: a prototype that is made
 * again and again gets no more of them. Thread-safe.
 */
final class ProducerInjection {
    private record Declared(Destination destination, TypeRef<?> type) {}

    private final MessagingClient client;
    private final ConfigurableListableBeanFactory beans;
    private final Map<Declared, Producer<?>> producers = new ConcurrentHashMap<>();

    ProducerInjection(MessagingClient client, ConfigurableListableBeanFactory beans) {
        this.client = client;
        this.beans = beans;
    }

    @SuppressWarnings("unchecked") // made for the same type
    <T> Producer<T> at(InjectionPoint point) {
        AnyMqProducer annotation = AnnotatedElementUtils.getMergedAnnotation(
                AnnotatedElementUtils.forAnnotations(point.getAnnotations()), AnyMqProducer.class);
        Member member = point.getMember();
        String where = "the Producer in " + member.getDeclaringClass().getName() + "." + member.getName();
        if (annotation == null) {
            throw mistake(where + " must have @AnyMqProducer with a queue or a topic, or be declared as a bean");
        }
        Destination destination = destination(annotation, beans, where);
        TypeRef<T> type = bodyType(point, where);
        return (Producer<T>) producers.computeIfAbsent(
                new Declared(destination, type), declared -> client.producer(destination, type));
    }

    private static Destination destination(
            AnyMqProducer annotation, ConfigurableListableBeanFactory beans, String where) {
        String queue = text(beans, annotation.queue());
        String topic = text(beans, annotation.topic());
        if (queue.isEmpty() == topic.isEmpty()) {
            throw mistake("@AnyMqProducer of " + where + " must name either a queue or a topic");
        }
        return topic.isEmpty() ? new Queue(queue, annotation.ordering()) : new Topic(topic, annotation.ordering());
    }

    private static String text(ConfigurableListableBeanFactory beans, String value) {
        return Objects.requireNonNullElse(beans.resolveEmbeddedValue(value), "").trim();
    }

    @SuppressWarnings("unchecked") // the injection point says what T is
    private static <T> TypeRef<T> bodyType(InjectionPoint point, String where) {
        ResolvableType producer = ((DependencyDescriptor) point).getResolvableType();
        while (producer.toClass() != Producer.class && producer.hasGenerics()) {
            producer = producer.getGeneric();
        }
        ResolvableType body = producer.as(Producer.class).getGeneric();
        Class<?> plain = body.resolve();
        if (plain == null) {
            throw mistake(where + " must name the type of the bodies, as in Producer<Order>");
        }
        return (TypeRef<T>) (body.hasGenerics() ? TypeRef.ofType(body.getType()) : TypeRef.of(plain));
    }

    private static ConfigurationException mistake(String text) {
        return new ConfigurationException(List.of(text));
    }
}
