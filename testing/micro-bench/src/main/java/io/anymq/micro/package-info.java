/** JMH benchmarks of AnyMQ's hot paths, the runner that interleaves them, and what it writes. */
@NullMarked
package io.anymq.micro;

import org.jspecify.annotations.NullMarked;
