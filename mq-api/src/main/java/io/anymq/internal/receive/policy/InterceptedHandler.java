package io.anymq.internal.receive.policy;

import io.anymq.Delivery;
import io.anymq.ErrorCode;
import io.anymq.Interceptor;
import io.anymq.MessagingException;
import io.anymq.Source;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** One call of a handler with the interceptors around it. Used by the handler's thread. */
final class InterceptedHandler implements Interceptor.HandlerContext {
    /** The result of a handler that returns no stage. */
    static final CompletionStage<@Nullable Void> DONE = CompletableFuture.completedStage(null);

    private final Interceptor[] interceptors;
    private final List<Delivery<?>> deliveries;
    private final boolean batch;
    private final boolean async;
    private final Callable<CompletionStage<?>> handler;
    private @Nullable CompletionStage<?> handled;

    InterceptedHandler(
            Interceptor[] interceptors,
            List<? extends Delivery<?>> deliveries,
            boolean batch,
            boolean async,
            Callable<CompletionStage<?>> handler) {
        this.interceptors = interceptors;
        this.deliveries = List.copyOf(deliveries);
        this.batch = batch;
        this.async = async;
        this.handler = handler;
    }

    @Override
    public Source source() {
        return deliveries.get(0).source();
    }

    @Override
    public List<Delivery<?>> deliveries() {
        return deliveries;
    }

    @Override
    public boolean isBatch() {
        return batch;
    }

    @Override
    public boolean isAsync() {
        return async;
    }

    /** Calls it and waits on this thread until the interceptors' result has completed. */
    void callAndWait() throws Throwable {
        CompletionStage<?> stage = proceed(0);
        if (stage != DONE) {
            try {
                stage.toCompletableFuture().get();
            } catch (ExecutionException e) {
                throw e.getCause();
            }
        }
    }

    /** Calls it; the stage ends when the handler's own and that of the interceptors have ended. */
    CompletionStage<?> call() throws Throwable {
        CompletionStage<?> returned;
        try {
            returned = proceed(0);
        } catch (Throwable e) {
            if (handled == null) {
                throw e;
            }
            // the handler is still at work: the next message of the key must not overtake it
            returned = CompletableFuture.failedStage(e);
        }
        CompletionStage<?> own = handled;
        if (own == null || own == returned) {
            return returned;
        }
        CompletionStage<?> last = returned;
        return own.handle((result, failure) -> failure).thenCompose(ended -> last);
    }

    private CompletionStage<?> proceed(int level) throws Exception {
        if (level == interceptors.length) {
            CompletionStage<?> stage = handler.call();
            if (stage == null) {
                throw new IllegalStateException("the handler returned null instead of a CompletionStage");
            }
            handled = stage;
            return stage;
        }
        Interceptor interceptor = interceptors[level];
        Link link = new Link(level);
        CompletionStage<?> returned;
        try {
            returned = interceptor.aroundHandle(this, link);
        } finally {
            link.over = true;
        }
        String name = interceptor.getClass().getName();
        if (!link.used) {
            throw new MessagingException(
                    ErrorCode.INVALID_MESSAGE,
                    "interceptor " + name + " returned without calling next.handle; call it exactly once, or throw an"
                            + " exception to fail the attempt");
        }
        if (returned == null) {
            throw new MessagingException(
                    ErrorCode.INVALID_MESSAGE,
                    "interceptor " + name + " returned null instead of a CompletionStage; return the result of"
                            + " next.handle");
        }
        return returned;
    }

    private final class Link implements Interceptor.HandlerChain {
        private final int level;
        private boolean used;
        private volatile boolean over;

        Link(int level) {
            this.level = level;
        }

        @Override
        public CompletionStage<?> handle() throws Exception {
            if (used || over) {
                throw new IllegalStateException("interceptor "
                        + interceptors[level].getClass().getName() + " called next.handle "
                        + (used ? "twice" : "after it had returned")
                        + "; call it exactly once, before aroundHandle returns");
            }
            used = true;
            return proceed(level + 1);
        }
    }
}
