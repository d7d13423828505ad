/** What the sending and the receiving side share: time, ids, codecs, observers. */
@NullMarked
package io.anymq.internal.support;

import org.jspecify.annotations.NullMarked;
