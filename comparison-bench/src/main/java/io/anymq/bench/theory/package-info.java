/** The purpose of message queues and their policies, shown on a real broker: with and without the policy. */
@NullMarked
package io.anymq.bench.theory;

import org.jspecify.annotations.NullMarked;
