/** Reads, merges and checks the configuration. */
@NullMarked
package io.anymq.internal.config;

import org.jspecify.annotations.NullMarked;
