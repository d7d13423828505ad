/**
 * JSON bodies, by Jackson. Put this module on the class path and every body that is neither a {@code String} nor a
 * {@code byte[]} travels as {@code application/json}; see {@link io.anymq.json.JsonCodec}.
 */
@NullMarked
package io.anymq.json;

import org.jspecify.annotations.NullMarked;
