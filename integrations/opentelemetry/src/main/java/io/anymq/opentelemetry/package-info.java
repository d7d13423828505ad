/**
 * Traces and metrics of AnyMQ by OpenTelemetry, after its conventions for messaging. {@link
 * io.anymq.opentelemetry.AnymqTelemetry} is the entry; docs/observability.md lists every span, metric and attribute.
 */
@NullMarked
package io.anymq.opentelemetry;

import org.jspecify.annotations.NullMarked;
