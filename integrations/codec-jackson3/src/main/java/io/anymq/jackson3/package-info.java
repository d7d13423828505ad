/**
 * JSON bodies, by Jackson 3. Put this module on the class path instead of {@code anymq-codec-json} and every body that
 * is neither a {@code String} nor a {@code byte[]} travels as {@code application/json}; see {@link
 * io.anymq.jackson3.Jackson3Codec}.
 */
@NullMarked
package io.anymq.jackson3;

import org.jspecify.annotations.NullMarked;
