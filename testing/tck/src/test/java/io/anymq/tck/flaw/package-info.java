/** Broken adapters, each with one defect, to prove that the kit notices it. */
@NullMarked
package io.anymq.tck.flaw;

import org.jspecify.annotations.NullMarked;
