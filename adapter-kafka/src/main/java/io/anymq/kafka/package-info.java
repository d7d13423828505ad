/** The adapter for Apache Kafka. */
@NullMarked
package io.anymq.kafka;

import org.jspecify.annotations.NullMarked;
