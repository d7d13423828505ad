/** The claims that are measured; one class each. */
@NullMarked
package io.anymq.bench.scenario;

import org.jspecify.annotations.NullMarked;
