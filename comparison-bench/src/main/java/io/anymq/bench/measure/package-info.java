/** One run inside its own JVM: load, ledger, latency and resource figures. */
@NullMarked
package io.anymq.bench.measure;

import org.jspecify.annotations.NullMarked;
