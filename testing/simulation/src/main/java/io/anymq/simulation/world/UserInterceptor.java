package io.anymq.simulation.world;

import io.anymq.Delivery;
import io.anymq.Interceptor;
import io.anymq.Message;
import io.anymq.simulation.plan.UserFault;
import io.anymq.simulation.plan.UserFault.Kind;
import io.anymq.simulation.plan.UserFault.Place;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The application's interceptor in one process. It misbehaves before it has passed a call on, or afterwards: then the
 * attempt fails although its handler succeeds, and the handler must know before it writes down its end.
 */
final class UserInterceptor implements Interceptor {
    private final UserCode code;
    private final Set<Delivery<?>> doomed = Collections.newSetFromMap(new IdentityHashMap<>());
    private @Nullable HandlerScript script;

    UserInterceptor(UserCode code) {
        this.code = code;
    }

    void surround(HandlerScript handlers) {
        script = handlers;
    }

    /** Whether the attempt will fail whatever its handler does. */
    boolean isDoomed(Delivery<?> delivery) {
        return doomed.contains(delivery);
    }

    @Override
    public <T> void aroundSend(SendContext context, Message<T> message, SendChain<T> next) {
        UserFault fault = code.strike(Place.INTERCEPTOR);
        if (fault != null && code.flip()) {
            code.commit(fault);
            if (fault.kind() == Kind.NULL) {
                return;
            }
            fault = null;
        }
        CompletionStage<?> unused =
                next.send(message).whenComplete((receipt, failure) -> code.requireMayBlock(Place.STAGE));
        if (fault != null) {
            code.commit(fault);
        }
    }

    @Override
    @SuppressWarnings("NullAway") // on purpose
    public @Nullable CompletionStage<?> aroundHandle(HandlerContext context, HandlerChain next) throws Exception {
        UserFault fault = code.strike(Place.INTERCEPTOR);
        if (fault == null) {
            return next.handle();
        }
        // afterwards, an interruption while it blocks would fail the attempt whose success is written down, and
        // CompletableFuture itself does not survive an unreadable exception in a stage
        boolean onlyBefore = fault.kind() == Kind.BLOCK || (fault.kind() == Kind.UNREADABLE && context.isAsync());
        return onlyBefore || code.flip() ? before(fault, context, next) : after(fault, context, next);
    }

    private CompletionStage<?> before(UserFault fault, HandlerContext context, HandlerChain next) throws Exception {
        boolean passed = false;
        try {
            code.commit(fault);
            passed = fault.kind() != Kind.NULL;
        } finally {
            HandlerScript handlers = script;
            if (!passed && handlers != null) {
                handlers.failedBefore(context.deliveries());
            }
        }
        return passed ? next.handle() : CompletableFuture.completedStage(null);
    }

    private @Nullable CompletionStage<?> after(UserFault fault, HandlerContext context, HandlerChain next)
            throws Exception {
        doomed.addAll(context.deliveries());
        CompletionStage<?> handled;
        try {
            handled = next.handle();
        } catch (Throwable e) {
            context.deliveries().forEach(doomed::remove);
            throw e;
        }
        CompletionStage<?> unused =
                handled.whenComplete((result, failure) -> context.deliveries().forEach(doomed::remove));
        code.commit(fault);
        return null;
    }
}
