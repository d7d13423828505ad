/** A service that joins others which use a broker without AnyMQ. */
@NullMarked
package io.anymq.examples.existing;

import org.jspecify.annotations.NullMarked;
