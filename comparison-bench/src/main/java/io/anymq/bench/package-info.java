/** The benchmark that compares brokers through one API. */
@NullMarked
package io.anymq.bench;

import org.jspecify.annotations.NullMarked;
