/** The auto-configurations for Spring Boot 4, their properties, and what an application may replace. */
@NullMarked
package io.anymq.spring.autoconfigure;

import org.jspecify.annotations.NullMarked;
