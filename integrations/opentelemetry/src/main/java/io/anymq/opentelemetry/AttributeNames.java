package io.anymq.opentelemetry;

import io.opentelemetry.api.common.AttributeKey;

/** The attributes of spans and metrics. Those of OpenTelemetry as in its conventions 1.45, and AnyMQ's own. */
final class AttributeNames {
    static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("messaging.system");
    static final AttributeKey<String> OPERATION_NAME = AttributeKey.stringKey("messaging.operation.name");
    static final AttributeKey<String> OPERATION_TYPE = AttributeKey.stringKey("messaging.operation.type");
    /** Of the current form: {@code publish}, {@code process}. */
    static final AttributeKey<String> OPERATION = AttributeKey.stringKey("messaging.operation");

    static final AttributeKey<String> DESTINATION = AttributeKey.stringKey("messaging.destination.name");
    static final AttributeKey<String> SUBSCRIPTION = AttributeKey.stringKey("messaging.destination.subscription.name");
    static final AttributeKey<String> CLIENT_ID = AttributeKey.stringKey("messaging.client.id");
    static final AttributeKey<String> MESSAGE_ID = AttributeKey.stringKey("messaging.message.id");
    static final AttributeKey<Long> BATCH_COUNT = AttributeKey.longKey("messaging.batch.message_count");
    static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");

    static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("anymq.attempt");
    static final AttributeKey<Long> REDRIVES = AttributeKey.longKey("anymq.redrives");
    static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("anymq.send.outcome");
    static final AttributeKey<String> REASON = AttributeKey.stringKey("anymq.dead_letter.reason");
    static final AttributeKey<String> DEAD_LETTER_QUEUE = AttributeKey.stringKey("anymq.dead_letter.queue");
    static final AttributeKey<String> SOURCE = AttributeKey.stringKey("anymq.source");

    private AttributeNames() {}
}
