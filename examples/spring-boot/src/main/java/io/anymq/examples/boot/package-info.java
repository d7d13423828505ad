/**
 * The sign-up story as a web application. A sign-up is answered at once; a mail, the customer database and the statistics
 * follow, each by a listener of its own. On the in-memory broker, or on any other with {@code --anymq.url=…}.
 */
@NullMarked
package io.anymq.examples.boot;

import org.jspecify.annotations.NullMarked;
