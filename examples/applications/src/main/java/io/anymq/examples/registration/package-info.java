/** One event, several independent subscribers. */
@NullMarked
package io.anymq.examples.registration;

import org.jspecify.annotations.NullMarked;
