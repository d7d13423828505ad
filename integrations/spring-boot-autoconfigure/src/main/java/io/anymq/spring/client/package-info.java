/** The client as a bean: it exists before its broker can be reached. */
@NullMarked
package io.anymq.spring.client;

import org.jspecify.annotations.NullMarked;
