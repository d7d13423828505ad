package io.anymq.internal.receive;

import io.anymq.internal.support.Codecs;

/** Turns the bytes into the body; what cannot be decoded goes on with a reason and meets no handler. */
final class DecodeLayer extends Layer {
    private final Codecs codecs;
    private final Class<?> type;

    DecodeLayer(Codecs codecs, Class<?> type) {
        this.codecs = codecs;
        this.type = type;
    }

    @Override
    void handle(Work work) {
        try {
            Object body = codecs.forContent(work.contentType(), type).decode(work.message.body(), type);
            if (body == null) {
                throw new IllegalArgumentException("the codec returned null");
            }
            work.body = body;
        } catch (Throwable e) {
            // an Error too, such as a stack overflow: the bytes are to blame, not the consumer
            work.failure = e;
            work.reason = DeadReason.UNDECODABLE;
        }
        inner().handle(work);
    }
}
