/**
 * Meters and observations of AnyMQ by Micrometer. {@link io.anymq.micrometer.AnymqMetrics} counts and measures, {@link
 * io.anymq.micrometer.AnymqObservation} makes observations, from which a tracing bridge makes spans.
 * docs/observability.md lists every name, and describes the dashboard and the alerts that belong to them.
 */
@NullMarked
package io.anymq.micrometer;

import org.jspecify.annotations.NullMarked;
