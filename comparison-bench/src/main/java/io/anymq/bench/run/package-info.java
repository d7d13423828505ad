/** Plans, starts brokers and child JVMs, and collects what they report. */
@NullMarked
package io.anymq.bench.run;

import org.jspecify.annotations.NullMarked;
