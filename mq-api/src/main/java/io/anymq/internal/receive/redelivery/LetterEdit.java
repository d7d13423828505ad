package io.anymq.internal.receive.redelivery;

import io.anymq.ErrorCode;
import io.anymq.Limits;
import io.anymq.Message;
import io.anymq.MessagingException;
import io.anymq.TimeSource;
import io.anymq.internal.receive.policy.DeadLetterHeaders;
import io.anymq.internal.receive.policy.Task;
import io.anymq.internal.send.EncodedMessage;
import io.anymq.internal.support.Failures;
import io.anymq.internal.support.IdGenerator;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.WireHeaders;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What an operator changes about letters, and what is then stored. Used by one thread. */
final class LetterEdit {
    private final @Nullable UnaryOperator<Message<byte[]>> change;
    private final IdGenerator ids;
    private final TimeSource time;

    /** {@code change} is null where letters stay as they are. */
    LetterEdit(@Nullable UnaryOperator<Message<byte[]>> change, IdGenerator ids, TimeSource time) {
        this.change = change;
        this.ids = ids;
        this.time = time;
    }

    /** The edited message, with an id of its own; null where letters stay as they are. */
    @Nullable
    Message<byte[]> apply(InboundMessage letter) {
        if (change == null) {
            return null;
        }
        Message<byte[]> edited;
        try {
            @Nullable Message<byte[]> made = change.apply(asMessage(letter));
            if (made == null) {
                throw invalid("returned null", null);
            }
            edited = made;
        } catch (MessagingException e) {
            throw e;
        } catch (Throwable e) {
            throw invalid("threw " + Failures.text(e), e);
        }
        if (edited.delay() != null) {
            throw invalid("set a delay, which a redrive cannot keep", null);
        }
        String id = edited.id();
        return id == null || id.equals(letter.id()) ? edited.withId(ids.next()) : edited;
    }

    private static MessagingException invalid(String what, @Nullable Throwable cause) {
        return new MessagingException(ErrorCode.INVALID_MESSAGE, "the edit of this letter " + what, false, cause);
    }

    private static Message<byte[]> asMessage(InboundMessage letter) {
        Message<byte[]> message = Message.of(letter.body().clone())
                .withId(letter.id())
                .withHeaders(Task.withoutBookkeeping(letter.headers()));
        if (!letter.contentType().isEmpty()) {
            message = message.withContentType(letter.contentType());
        }
        String key = letter.key();
        return key == null ? message : message.withKey(key);
    }

    /** The message as it will be stored; {@code headers} are those for the way back. */
    EncodedMessage encoded(InboundMessage letter, @Nullable Message<byte[]> edited, Map<String, String> headers) {
        String id = edited == null ? null : edited.id();
        if (edited == null || id == null) {
            return EncodedMessage.of(letter, headers).storedAs(DeadLetterHeaders.storedAs(letter));
        }
        Map<String, String> changed = new LinkedHashMap<>(edited.headers());
        headers.forEach((name, value) -> {
            if (name.startsWith(Limits.RESERVED_PREFIX)) {
                changed.put(name, value);
            }
        });
        changed.put(WireHeaders.EDITED_FROM, letter.id());
        String contentType = edited.contentType();
        return new EncodedMessage(
                id,
                edited.key(),
                edited.body(),
                contentType == null ? letter.contentType() : contentType,
                changed,
                time.currentTimeMillis(),
                0,
                -1);
    }
}
