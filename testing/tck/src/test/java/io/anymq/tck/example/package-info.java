/** The code shown in docs/tck.md: compiled and run, so that it stays true. */
@NullMarked
package io.anymq.tck.example;

import org.jspecify.annotations.NullMarked;
