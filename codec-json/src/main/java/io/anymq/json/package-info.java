/** The JSON codec, built on Jackson. */
@NullMarked
package io.anymq.json;

import org.jspecify.annotations.NullMarked;
