package io.anymq.internal.send;

import io.anymq.ErrorCode;
import io.anymq.Interceptor;
import io.anymq.Message;
import io.anymq.MessagingException;
import io.anymq.Receipt;
import io.anymq.internal.support.CallbackQueue;
import io.anymq.internal.support.Failures;
import io.anymq.internal.support.Futures;
import io.anymq.internal.support.WarningLog;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One try to move a message that the engine sends on by itself, a dead letter or one that comes back, through the
 * interceptors. They may add headers and see the outcome; nothing they do keeps the message where it is. Used by one
 * thread; the outcome is told by the callbacks.
 */
public final class InterceptedForward {
    /** The call of one interceptor. */
    @FunctionalInterface
    public interface Around {
        void call(Interceptor interceptor, Interceptor.ForwardChain next) throws Exception;
    }

    private final List<Interceptor> interceptors;
    private final WarningLog warnings;
    private final CallbackQueue callbacks;
    private final Around around;
    private final Function<Map<String, String>, CompletableFuture<Receipt>> target;
    private final List<CompletableFuture<Receipt>> stages = new ArrayList<>();
    private final Map<String, String> added = new LinkedHashMap<>();
    private @Nullable CompletableFuture<Receipt> sent;

    private InterceptedForward(
            List<Interceptor> interceptors,
            WarningLog warnings,
            CallbackQueue callbacks,
            Around around,
            Function<Map<String, String>, CompletableFuture<Receipt>> target) {
        this.interceptors = interceptors;
        this.warnings = warnings;
        this.callbacks = callbacks;
        this.around = around;
        this.target = target;
    }

    /** {@code target} sends the message with the headers that were added; returns what it returns. */
    public static CompletableFuture<Receipt> send(
            List<Interceptor> interceptors,
            WarningLog warnings,
            CallbackQueue callbacks,
            Around around,
            Function<Map<String, String>, CompletableFuture<Receipt>> target) {
        return interceptors.isEmpty()
                ? target.apply(Map.of())
                : new InterceptedForward(interceptors, warnings, callbacks, around, target).run();
    }

    private CompletableFuture<Receipt> run() {
        CompletableFuture<Receipt> outcome = proceed(0);
        if (!stages.isEmpty()) {
            Futures.onOutcome(outcome, (receipt, failure) -> callbacks.execute(() -> tell(receipt, failure)));
        }
        return outcome;
    }

    private void tell(@Nullable Receipt receipt, @Nullable Throwable failure) {
        for (int i = stages.size() - 1; i >= 0; i--) {
            if (failure != null) {
                stages.get(i).completeExceptionally(failure);
            } else {
                stages.get(i).complete(receipt);
            }
        }
    }

    private CompletableFuture<Receipt> proceed(int level) {
        if (level == interceptors.size()) {
            CompletableFuture<Receipt> outcome;
            try {
                outcome = target.apply(added);
            } catch (Throwable e) {
                outcome = CompletableFuture.failedFuture(e);
            }
            sent = outcome;
            return outcome;
        }
        Interceptor interceptor = interceptors.get(level);
        Link link = new Link(level);
        try {
            around.call(interceptor, link);
        } catch (Throwable e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            warnings.warn(
                    "Interceptor {} failed around a dead letter or a redrive; the message is sent nevertheless",
                    interceptor.getClass().getName(),
                    Failures.printable(e));
        } finally {
            link.over = true;
        }
        CompletableFuture<Receipt> outcome = sent;
        return outcome == null ? proceed(level + 1) : outcome;
    }

    private final class Link implements Interceptor.ForwardChain {
        private final int level;
        private boolean used;
        private volatile boolean over;

        Link(int level) {
            this.level = level;
        }

        @Override
        public CompletionStage<Receipt> send(Map<String, String> headers) {
            String name = interceptors.get(level).getClass().getName();
            if (used || over) {
                throw new IllegalStateException("interceptor " + name + " called next.send "
                        + (used ? "twice" : "after it had returned") + "; call it at most once, before it returns");
            }
            if (headers == null) {
                throw new MessagingException(
                        ErrorCode.INVALID_MESSAGE,
                        "interceptor " + name + " passed null to next.send; pass the headers to add, or Map.of()");
            }
            Map<String, String> all = new LinkedHashMap<>(added);
            all.putAll(headers);
            // throws what is wrong with them
            Map<String, String> checked = Message.of(name).withHeaders(all).headers();
            used = true;
            added.putAll(checked);
            CompletableFuture<Receipt> stage = new CompletableFuture<>();
            stages.add(stage);
            CompletableFuture<Receipt> unused = proceed(level + 1);
            return stage;
        }
    }
}
