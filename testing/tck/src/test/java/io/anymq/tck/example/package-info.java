/** What docs/tck.md shows: compiled and run, so that it stays true. */
@NullMarked
package io.anymq.tck.example;

import org.jspecify.annotations.NullMarked;
