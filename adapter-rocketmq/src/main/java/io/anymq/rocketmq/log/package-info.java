/** Leads what RocketMQ's client logs, through a logging interface of its own, to SLF4J. */
@NullMarked
package io.anymq.rocketmq.log;

import org.jspecify.annotations.NullMarked;
