/** The sample adapter in AnyMQ's benchmark: what both arms are told, and the arm without AnyMQ. */
@NullMarked
package io.anymq.samples.files.bench;

import org.jspecify.annotations.NullMarked;
