package io.anymq.internal.receive.policy;

import io.anymq.DeadLetterReason;
import io.anymq.TypeRef;
import io.anymq.internal.support.Codecs;

/** Turns the bytes into the body; what cannot be decoded goes on with a reason and meets no handler. */
public final class DecodeLayer extends Layer {
    private final Codecs codecs;
    private final TypeRef<?> type;

    public DecodeLayer(Codecs codecs, TypeRef<?> type) {
        this.codecs = codecs;
        this.type = type;
    }

    @Override
    void handle(Task task) {
        try {
            Object body = codecs.forContent(task.contentType(), type).decode(task.message.body(), type);
            if (body == null) {
                throw new IllegalArgumentException("the codec returned null");
            }
            task.body = body;
        } catch (Throwable e) {
            // an Error too, such as a stack overflow: the bytes are to blame, not the consumer
            task.failure = e;
            task.reason = DeadLetterReason.UNDECODABLE;
        }
        inner().handle(task);
    }
}
