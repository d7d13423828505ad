package io.anymq.internal.receive.policy;

import io.anymq.DeadLetterReason;
import io.anymq.internal.support.Codecs;
import io.anymq.spi.Undecodable;
import java.lang.reflect.Type;

/** Decodes the body; an undecodable message continues with a reason and reaches no handler. */
public final class DecodeLayer extends Layer {
    private final Codecs codecs;
    private final Type type;

    public DecodeLayer(Codecs codecs, Type type) {
        this.codecs = codecs;
        this.type = type;
    }

    @Override
    void handle(Task task) {
        try {
            Undecodable undecodable = task.message.undecodable();
            if (undecodable != null) {
                throw undecodable.cause();
            }
            task.body = codecs.decode(task.message.body(), task.source(), type, task.contentType(), task::headers);
        } catch (Throwable e) {
            // an Error too, such as a stack overflow: the bytes are to blame, not the consumer
            task.failure = e;
            task.reason = DeadLetterReason.UNDECODABLE;
        }
        inner().handle(task);
    }
}
