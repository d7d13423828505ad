/** The way in: receive, order, deduplicate, retry, dead-letter, settle. */
@NullMarked
package io.anymq.internal.receive.keys;

import org.jspecify.annotations.NullMarked;
