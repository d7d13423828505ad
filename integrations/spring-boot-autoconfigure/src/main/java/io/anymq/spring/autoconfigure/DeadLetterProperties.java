package io.anymq.spring.autoconfigure;

import io.anymq.API;
import io.anymq.policy.DeadLetterPolicy;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.PropertyMapper;

/** Messages that have exhausted their attempts: {@code anymq.dead-letter.*}. Null is AnyMQ's own default. */
@API(API.Status.EVOLVING)
public class DeadLetterProperties {
    /** What the consumer does after it gave up on a message. */
    private DeadLetterPolicy.@Nullable Then then;

    /** Whether messages are discarded instead of dead-lettered. */
    private @Nullable Boolean discard;

    /** Whether dead letters carry the exception's message and stack trace. */
    private @Nullable Boolean exceptionDetails;

    /** {@code anymq.dead-letter.then}. */
    public DeadLetterPolicy.@Nullable Then getThen() {
        return then;
    }

    /** Sets it. */
    public void setThen(DeadLetterPolicy.@Nullable Then then) {
        this.then = then;
    }

    /** {@code anymq.dead-letter.discard}. */
    public @Nullable Boolean getDiscard() {
        return discard;
    }

    /** Sets it. */
    public void setDiscard(@Nullable Boolean discard) {
        this.discard = discard;
    }

    /** {@code anymq.dead-letter.exception-details}. */
    public @Nullable Boolean getExceptionDetails() {
        return exceptionDetails;
    }

    /** Sets it. */
    public void setExceptionDetails(@Nullable Boolean exceptionDetails) {
        this.exceptionDetails = exceptionDetails;
    }

    /** The policy that the client makes of these. */
    DeadLetterPolicy toPolicy() {
        DeadLetterPolicy.Builder builder = DeadLetterPolicy.builder();
        PropertyMapper map = PropertyMapper.get();
        map.from(this::getThen).to(builder::then);
        map.from(this::getDiscard).to(builder::discard);
        map.from(this::getExceptionDetails).to(builder::exceptionDetails);
        return builder.build();
    }
}
