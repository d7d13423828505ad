/** What {@code docs/spring-boot.md} shows. */
@NullMarked
package io.anymq.examples.boot.minutes;

import org.jspecify.annotations.NullMarked;
