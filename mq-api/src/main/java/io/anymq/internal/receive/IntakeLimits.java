package io.anymq.internal.receive;

import io.anymq.policy.FlowControl;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What bounds the messages of a consumer.
 *
 * @param least with fewer messages some handlers might have nothing to do
 * @param bytes held by all its loops
 */
record IntakeLimits(FlowControl flow, int least, AtomicLong bytes) {}
