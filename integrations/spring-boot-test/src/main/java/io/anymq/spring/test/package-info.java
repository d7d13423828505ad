/** Tests of Spring applications on an in-memory broker of their own. */
@NullMarked
package io.anymq.spring.test;

import org.jspecify.annotations.NullMarked;
