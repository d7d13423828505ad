/** Checks of options, shared by the API and the engine; not exported. */
@NullMarked
package io.anymq.validation;

import org.jspecify.annotations.NullMarked;
