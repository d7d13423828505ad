/** The way out: validate, encode, window, sender, outcome. */
@NullMarked
package io.anymq.internal.send;

import org.jspecify.annotations.NullMarked;
