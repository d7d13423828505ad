package io.anymq.examples.boot;

import io.anymq.Message;
import io.anymq.Producer;
import io.anymq.Receipt;
import io.anymq.spring.AnyMqProducer;
import java.util.concurrent.CompletableFuture;
import org.springframework.stereotype.Component;

/**
 * Tells the rest of the company. The one place that knows the producer: where users are rows of a database, an outbox
 * takes the place of this class and writes the event in the transaction that writes the user.
 */
@Component
class SignUpEvents {
    private final Producer<SignedUp> producer;

    SignUpEvents(@AnyMqProducer(topic = "signups") Producer<SignedUp> producer) {
        this.producer = producer;
    }

    CompletableFuture<Receipt> publish(SignedUp event) {
        return producer.send(Message.of(event).withKey(event.email()));
    }

    /** The user tries again after a failure, so the key goes on without the message that was lost. */
    void forgetFailure(String email) {
        producer.resumeKey(email);
    }
}
