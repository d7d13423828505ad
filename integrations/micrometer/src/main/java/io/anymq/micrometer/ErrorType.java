package io.anymq.micrometer;

import io.anymq.MessagingException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** The value of the tag {@code error}: AnyMQ's code of an error, or the class that a handler has thrown. */
final class ErrorType {
    private ErrorType() {}

    static String of(Throwable failure) {
        Throwable thrown = cause(failure);
        return thrown instanceof MessagingException known
                ? known.code().name()
                : thrown.getClass().getSimpleName();
    }

    static Throwable cause(Throwable failure) {
        Throwable thrown = failure;
        while ((thrown instanceof CompletionException || thrown instanceof ExecutionException)
                && thrown.getCause() != null) {
            thrown = thrown.getCause();
        }
        return thrown;
    }
}
