/** The brokers that can be compared; one file each holds the settings of both arms. */
@NullMarked
package io.anymq.bench.broker;

import org.jspecify.annotations.NullMarked;
