/** The engine: everything a user can rely on beyond moving bytes. Not part of the API. */
@NullMarked
package io.anymq.internal;

import org.jspecify.annotations.NullMarked;
