package io.anymq.examples.registration;

import io.anymq.Delivery;
import io.anymq.Interceptor;
import io.anymq.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Prints every message sent and handled, and remembers the order of handling. Thread-safe. */
final class Story implements Interceptor {
    private record Handled(String source, UserRegistered user) {}

    private final long start = System.nanoTime();
    private final List<Handled> handled = new ArrayList<>();

    @Override
    public <T> void aroundSend(SendContext context, Message<T> message, SendChain<T> next) {
        if (message.body() instanceof UserRegistered user) {
            tell(user, "goes to " + context.destination());
        }
        next.send(message);
    }

    @Override
    public CompletionStage<?> aroundHandle(HandlerContext context, HandlerChain next) throws Exception {
        try {
            CompletionStage<?> handled = next.handle();
            context.deliveries().forEach(delivery -> ended(delivery, null));
            return handled;
        } catch (Exception e) {
            context.deliveries().forEach(delivery -> ended(delivery, e));
            throw e;
        }
    }

    private void ended(Delivery<?> delivery, @Nullable Throwable failure) {
        if (delivery.body() instanceof UserRegistered user) {
            String source = delivery.source().path();
            if (failure == null) {
                remember(new Handled(source, user));
                tell(user, "handled by " + source + ", attempt " + delivery.attempt());
            } else {
                tell(user, "FAILED in " + source + ", attempt " + delivery.attempt() + ": " + failure.getMessage());
            }
        }
    }

    private synchronized void tell(UserRegistered user, String what) {
        System.out.printf("%6d ms  %-8s %s%n", (System.nanoTime() - start) / 1_000_000, user.name(), what);
    }

    private synchronized void remember(Handled event) {
        handled.add(event);
    }

    synchronized boolean isHandled(String source, UserRegistered user) {
        return handled.contains(new Handled(source, user));
    }

    /** Whether both were done for this user, and all of the first before any of the second. */
    synchronized boolean isInOrder(String first, String second, UserRegistered user) {
        return isHandled(first, user)
                && handled.lastIndexOf(new Handled(first, user)) < handled.indexOf(new Handled(second, user));
    }
}
