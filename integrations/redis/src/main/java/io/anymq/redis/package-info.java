/** A store for AnyMQ in Redis: see {@link io.anymq.redis.RedisIdempotencyStore}. */
@NullMarked
package io.anymq.redis;

import org.jspecify.annotations.NullMarked;
