package io.anymq.spring.autoconfigure;

import io.anymq.ConfigurationException;
import io.anymq.MessagingException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows everything that AnyMQ has found wrong, and what to do, in place of a stack trace. */
final class MessagingFailureAnalyzer extends AbstractFailureAnalyzer<MessagingException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, MessagingException cause) {
        if (cause instanceof ConfigurationException configuration) {
            StringBuilder description = new StringBuilder("AnyMQ cannot start as it is configured:\n");
            configuration
                    .problems()
                    .forEach(problem -> description.append("\n  - ").append(problem));
            return new FailureAnalysis(
                    description.toString(),
                    configuration.problems().size() == 1
                            ? "Correct it at the place that is named."
                            : "Correct each of them at the place that is named.",
                    cause);
        }
        return new FailureAnalysis("AnyMQ cannot start: " + cause.getMessage(), action(cause), cause);
    }

    private static String action(MessagingException cause) {
        return switch (cause.code()) {
            case AUTHENTICATION -> "Correct the user, password or certificate in anymq.* or in the SSL bundle.";
            case AUTHORIZATION -> "Let the broker's user do this, or set anymq.provision to validate or none.";
            case NOT_FOUND -> "Create it at the broker, or set anymq.provision to create.";
            case MISMATCH -> "Declare it as it exists, with the ordering of @AnyMqListener and @AnyMqProducer.";
            case UNSUPPORTED -> "Change what is asked for, or choose another broker with anymq.url.";
            case ENCODING -> "Put a codec for this type on the class path, such as io.anymq:anymq-codec-jackson3.";
            default -> "Do what the message says; the code of the error is " + cause.code() + ".";
        };
    }
}
