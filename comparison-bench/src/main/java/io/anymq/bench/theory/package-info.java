/** What a message queue and its policies are for, shown on a real broker: the trouble without beside the cure with. */
@NullMarked
package io.anymq.bench.theory;

import org.jspecify.annotations.NullMarked;
