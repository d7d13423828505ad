/** Turns results into pages, tables and answers. */
@NullMarked
package io.anymq.bench.report;

import org.jspecify.annotations.NullMarked;
