/** Statistics, random keys and pacing: nothing here knows about messaging. */
@NullMarked
package io.anymq.bench.stats;

import org.jspecify.annotations.NullMarked;
