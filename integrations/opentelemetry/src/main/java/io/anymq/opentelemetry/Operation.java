package io.anymq.opentelemetry;

import io.opentelemetry.api.trace.SpanKind;

/** What a span stands for, in the words of the conventions. */
enum Operation {
    SEND("send", "send", "publish", SpanKind.PRODUCER),
    PROCESS("process", "process", "process", SpanKind.CONSUMER),
    SETTLE("settle", "settle", "settle", SpanKind.CLIENT),
    DEAD_LETTER("dead_letter", "send", "publish", SpanKind.PRODUCER),
    REDRIVE("redrive", "send", "publish", SpanKind.PRODUCER);

    /** {@code messaging.operation.name}, AnyMQ's own word. */
    final String word;

    /** {@code messaging.operation.type}. */
    final String type;

    /** {@code messaging.operation} of the current form. */
    final String currentType;

    final SpanKind kind;

    Operation(String word, String type, String currentType, SpanKind kind) {
        this.word = word;
        this.type = type;
        this.currentType = currentType;
        this.kind = kind;
    }
}
