/** What the API and the engine share: checks of options, the causes of failures. Not exported. */
@NullMarked
package io.anymq.validation;

import org.jspecify.annotations.NullMarked;
