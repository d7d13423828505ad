/** The test compatibility kit that every adapter extends. */
@NullMarked
package io.anymq.tck;

import org.jspecify.annotations.NullMarked;
