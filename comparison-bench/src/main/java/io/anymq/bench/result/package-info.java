/** The results of a comparison: immutable records with the shape of {@code results.json}. */
@NullMarked
package io.anymq.bench.result;

import org.jspecify.annotations.NullMarked;
