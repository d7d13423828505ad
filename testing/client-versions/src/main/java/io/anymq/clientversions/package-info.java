/** An application to try with the versions of the brokers' clients that platforms choose. */
@NullMarked
package io.anymq.clientversions;

import org.jspecify.annotations.NullMarked;
