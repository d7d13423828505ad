/** JMH benchmarks of AnyMQ's hot paths, the runner that interleaves them, and its reports. */
@NullMarked
package io.anymq.micro;

import org.jspecify.annotations.NullMarked;
