/** Shared by the sending and the receiving side: time, ids, codecs, observers. */
@NullMarked
package io.anymq.internal.support;

import org.jspecify.annotations.NullMarked;
