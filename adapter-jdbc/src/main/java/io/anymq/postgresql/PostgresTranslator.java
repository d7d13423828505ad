package io.anymq.postgresql;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.spi.support.VendorErrors;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The driver's errors and PostgreSQL's texts, in AnyMQ's terms. */
final class PostgresTranslator {
    /** PostgreSQL's text cannot hold U+0000. */
    private static final char NUL = '\0';

    /** Begins a pair that stands for U+0000 or for itself. */
    private static final char ESCAPE = '\uE000';

    private static final char ESCAPED_NUL = '\uE001';

    private PostgresTranslator() {}

    /** The failure of {@code action} (such as "sending to orders"), with its cause and what to do about it. */
    static MessagingException error(String action, Throwable failure) {
        if (failure instanceof MessagingException already) {
            return already;
        }
        ErrorCode code = code(failure);
        String reason = VendorErrors.text(failure);
        return VendorErrors.error(action, code, reason, advice(code, state(failure)), failure);
    }

    /** Like {@link #error}, of a place that is gone: what is there now may be found under its name. */
    static MessagingException gone(String what) {
        return new MessagingException(
                ErrorCode.NOT_FOUND,
                what
                        + " does not exist any more; create it with anymq.provision=create or the functions of the schema");
    }

    private static ErrorCode code(Throwable failure) {
        String state = state(failure);
        if (VendorErrors.isCausedBy(failure, SocketTimeoutException.class) || state.equals("57014")) {
            return ErrorCode.TIMEOUT;
        }
        if (state.startsWith("28")) {
            return ErrorCode.AUTHENTICATION;
        }
        if ((state.startsWith("53") && !state.equals("53300"))
                || mentions(failure, "no space left on device", "could not extend file")) {
            return ErrorCode.FULL;
        }
        return switch (state) {
            case "42501" -> ErrorCode.AUTHORIZATION;
            case "3D000", "3F000", "42P01", "42883" -> ErrorCode.NOT_FOUND;
            case "42703", "42804" -> ErrorCode.MISMATCH;
            case "55P03" -> ErrorCode.TIMEOUT;
            default -> failure instanceof SQLException ? ErrorCode.UNAVAILABLE : ErrorCode.INTERNAL;
        };
    }

    private static String advice(ErrorCode code, String state) {
        return switch (code) {
            case AUTHENTICATION ->
                "check user and password in anymq.url, or anymq.postgresql.user and password; a server that demands TLS"
                        + " wants anymq.postgresql.driver.sslmode";
            case AUTHORIZATION -> "grant the user the rights listed in docs/brokers/postgresql.md";
            case NOT_FOUND -> state.equals("3D000") ? "create the database, or correct anymq.url" : Schema.CURE;
            case MISMATCH -> "the tables are not those of this version; " + Schema.CURE;
            case FULL -> "make room on the disk of the server";
            case TIMEOUT -> "check whether the server is overloaded, suspended or waiting for a lock";
            case UNAVAILABLE ->
                switch (state) {
                    case "25006" -> "the server is a standby or read-only; name the primary in anymq.url";
                    case "53300" -> "the server has no connection left; raise its max_connections";
                    default -> "check that the server is running and reachable from here";
                };
            default -> "";
        };
    }

    private static String state(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause() == cause ? null : cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return sql.getSQLState();
            }
        }
        return "";
    }

    private static boolean mentions(Throwable failure, String... words) {
        String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        for (String word : words) {
            if (message.contains(word)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the connection works no longer, or is not known to. */
    static boolean isBroken(SQLException failure) {
        String state = state(failure);
        return state.isEmpty()
                || state.startsWith("08")
                || state.startsWith("57P")
                || state.startsWith("58")
                || state.startsWith("XX")
                || state.equals("25P03")
                || VendorErrors.isCausedBy(failure, java.io.IOException.class);
    }

    /** Whether the server has answered with a refusal, so that nothing of the statement is stored. */
    static boolean isRefused(SQLException failure) {
        return !isBroken(failure);
    }

    /** Whether the refusal concerns the data of one message, and not the server or the place. */
    static boolean isAboutData(SQLException failure) {
        String state = state(failure);
        return state.startsWith("22") || state.startsWith("23") || state.startsWith("54");
    }

    /** Text as PostgreSQL can hold it. */
    static @Nullable String stored(@Nullable String text) {
        if (text == null || (text.indexOf(NUL) < 0 && text.indexOf(ESCAPE) < 0)) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length() + 8);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == NUL) {
                out.append(ESCAPE).append(ESCAPED_NUL);
            } else {
                out.append(c);
                if (c == ESCAPE) {
                    out.append(ESCAPE);
                }
            }
        }
        return out.toString();
    }

    /** The text that {@link #stored} was given; whatever else a program has stored stays as it is. */
    static @Nullable String read(@Nullable String stored) {
        if (stored == null || stored.indexOf(ESCAPE) < 0) {
            return stored;
        }
        StringBuilder out = new StringBuilder(stored.length());
        for (int i = 0; i < stored.length(); i++) {
            char c = stored.charAt(i);
            char next = i + 1 < stored.length() ? stored.charAt(i + 1) : 'x';
            if (c == ESCAPE && (next == ESCAPE || next == ESCAPED_NUL)) {
                out.append(next == ESCAPE ? ESCAPE : NUL);
                i++;
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
