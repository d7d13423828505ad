/** The report in a real browser. */
@NullMarked
package io.anymq.bench.browser;

import org.jspecify.annotations.NullMarked;
