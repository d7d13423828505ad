package io.anymq;

import java.util.concurrent.CompletionStage;

/**
 * Handles one delivery without keeping a thread. The delivery counts against the concurrency until the stage completes.
 *
 * @param <T> the type of the body
 */
@API(API.Status.STABLE)
@FunctionalInterface
public interface AsyncHandler<T> {
    /** The returned stage ends the delivery; an exception, thrown or in the stage, starts the retry policy. */
    CompletionStage<?> handle(Delivery<T> delivery) throws Exception;
}
