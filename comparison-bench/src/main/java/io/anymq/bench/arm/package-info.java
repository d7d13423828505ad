/** The ways to move a message that are measured against each other. */
@NullMarked
package io.anymq.bench.arm;

import org.jspecify.annotations.NullMarked;
