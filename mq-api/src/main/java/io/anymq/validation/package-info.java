/** Checks of options, for the API and the engine alike; not exported. Apart from both, so that neither needs the other for it. */
@NullMarked
package io.anymq.validation;

import org.jspecify.annotations.NullMarked;
