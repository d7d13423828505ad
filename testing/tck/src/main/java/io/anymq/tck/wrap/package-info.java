/**
 * Puts something between the engine and an adapter: decorators that pass everything on, to be overridden where a test wants
 * to watch or to break something.
 */
@NullMarked
package io.anymq.tck.wrap;

import org.jspecify.annotations.NullMarked;
