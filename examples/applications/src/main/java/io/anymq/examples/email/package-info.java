/** A slow e-mail service is taken out of the sign-up's response time. */
@NullMarked
package io.anymq.examples.email;

import org.jspecify.annotations.NullMarked;
