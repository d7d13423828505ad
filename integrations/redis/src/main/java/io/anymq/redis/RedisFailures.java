package io.anymq.redis;

import io.anymq.ErrorCode;
import io.anymq.Escape;
import io.anymq.MessagingException;
import java.net.SocketTimeoutException;
import java.util.NoSuchElementException;
import redis.clients.jedis.exceptions.JedisException;

/** Says what a refusal by Redis means and what to do about it. */
final class RedisFailures {
    private RedisFailures() {}

    /** The typed error; {@code what} is what could not be done, such as "claim a message". */
    static MessagingException typed(String what, JedisException failure) {
        String message = String.valueOf(failure.getMessage());
        if (message.startsWith("OOM") || message.contains("maxmemory") || message.startsWith("MISCONF")) {
            return error(
                    ErrorCode.FULL,
                    what,
                    "Redis has no room left; give it memory or disk space, or shorten the retention",
                    failure);
        }
        if (message.startsWith("READONLY")) {
            return error(
                    ErrorCode.UNAVAILABLE,
                    what,
                    "Redis is a read-only replica; let the client lead to the primary",
                    failure);
        }
        if (message.startsWith("NOAUTH") || message.startsWith("WRONGPASS")) {
            return error(
                    ErrorCode.AUTHENTICATION,
                    what,
                    "Redis refuses the user or its password; correct those of the client",
                    failure);
        }
        if (message.startsWith("NOPERM")) {
            return error(
                    ErrorCode.AUTHORIZATION,
                    what,
                    "the user of Redis lacks a right; grant it EVALSHA, EVAL, TIME, HMGET, HSET, HINCRBY, EXISTS and"
                            + " PEXPIRE on the keys of the prefix",
                    failure);
        }
        for (Throwable e = failure; e != null; e = e.getCause() == e ? null : e.getCause()) {
            if (e instanceof NoSuchElementException) {
                return error(
                        ErrorCode.TIMEOUT,
                        what,
                        "the client's pool had no connection to give in time; enlarge it",
                        failure);
            }
            if (e instanceof SocketTimeoutException) {
                return error(ErrorCode.TIMEOUT, what, "Redis did not answer in time; look at its load", failure);
            }
        }
        return error(
                ErrorCode.UNAVAILABLE,
                what,
                "Redis cannot be reached, or refuses; it is asked again until it answers",
                failure);
    }

    private static MessagingException error(ErrorCode code, String what, String cure, JedisException failure) {
        return new MessagingException(
                code,
                "could not " + what + ": " + cure + " (" + Escape.forLog(String.valueOf(failure.getMessage())) + ")",
                true,
                failure);
    }
}
