package io.anymq.jdbc;

import io.anymq.ErrorCode;
import io.anymq.Escape;
import io.anymq.MessagingException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.util.Locale;
import java.util.Set;

/** Says what a database's refusal means and what to do about it. */
final class JdbcFailures {
    private static final Set<String> CONFLICTS = Set.of("40001", "40P01", "23505", "55P03");
    private static final Set<Integer> H2_CONFLICTS = Set.of(50200, 90131, 23505);
    private static final Set<Integer> MYSQL_CONFLICTS = Set.of(1205, 1213, 1020);
    private static final Set<Integer> MYSQL_FULL = Set.of(1021, 1041, 1114, 3675);
    private static final Set<Integer> MYSQL_READ_ONLY = Set.of(1290, 1792, 1836);
    private static final Set<Integer> MYSQL_FORBIDDEN = Set.of(1044, 1142, 1143, 1227);

    private JdbcFailures() {}

    /** Whether another transaction was in the way, so that the same statement may succeed at once. */
    static boolean isConflict(SQLException failure) {
        String state = state(failure);
        return CONFLICTS.contains(state)
                || H2_CONFLICTS.contains(failure.getErrorCode())
                || MYSQL_CONFLICTS.contains(failure.getErrorCode());
    }

    /** Whether the table or column that was named is not there. */
    static boolean isMissing(SQLException failure) {
        String state = state(failure);
        return Set.of("42P01", "42S02", "3F000").contains(state)
                || Set.of(42102, 42103, 42104).contains(failure.getErrorCode());
    }

    private static boolean isMismatch(SQLException failure) {
        return Set.of("42703", "42S22", "42883", "42804").contains(state(failure)) || failure.getErrorCode() == 42122;
    }

    private static String state(SQLException failure) {
        return failure.getSQLState() == null ? "" : failure.getSQLState();
    }

    private static boolean mentions(SQLException failure, String... words) {
        for (Throwable e = failure; e != null; e = e.getCause() == e ? null : e.getCause()) {
            String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
            for (String word : words) {
                if (message.contains(word)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean timedOut(Throwable failure) {
        for (Throwable e = failure; e != null; e = e.getCause() == e ? null : e.getCause()) {
            if (e instanceof SocketTimeoutException || e instanceof SQLTimeoutException) {
                return true;
            }
        }
        return false;
    }

    /** The typed error; {@code what} is what could not be done, such as "claim a message". */
    static MessagingException typed(String what, SQLException failure) {
        String state = state(failure);
        int code = failure.getErrorCode();
        if (isMissing(failure)) {
            return error(ErrorCode.NOT_FOUND, what, "the tables are missing; " + Schema.CURE, failure);
        }
        if (isMismatch(failure)) {
            return error(ErrorCode.MISMATCH, what, "the tables are not those of this version; " + Schema.CURE, failure);
        }
        if (state.equals("25006") || code == 90097 || MYSQL_READ_ONLY.contains(code)) {
            return error(
                    ErrorCode.UNAVAILABLE,
                    what,
                    "the database is read-only, as a standby is; let the DataSource lead to the primary",
                    failure);
        }
        if ((state.startsWith("53") && !state.equals("53300"))
                || MYSQL_FULL.contains(code)
                || mentions(failure, "no space left", "disk full", "not enough space")) {
            return error(
                    ErrorCode.FULL,
                    what,
                    "the database has no room left; free or add disk space, or shorten the retention",
                    failure);
        }
        if (state.startsWith("28") || failure instanceof SQLInvalidAuthorizationSpecException || code == 1045) {
            return error(
                    ErrorCode.AUTHENTICATION,
                    what,
                    "the database refuses the user or its password; correct those of the DataSource",
                    failure);
        }
        if (state.equals("42501") || code == 90096 || MYSQL_FORBIDDEN.contains(code)) {
            return error(
                    ErrorCode.AUTHORIZATION,
                    what,
                    "the database's user lacks a right; grant it SELECT, INSERT, UPDATE and DELETE on the tables that the"
                            + " files in META-INF/anymq/jdbc create, and SELECT on anymq_schema",
                    failure);
        }
        if (failure instanceof SQLTransientConnectionException && failure.getCause() == null && state.isEmpty()) {
            return error(
                    ErrorCode.TIMEOUT,
                    what,
                    "the connection pool had none to give in time; enlarge it, have handlers keep theirs for a shorter"
                            + " time, or look whether the database takes connections",
                    failure);
        }
        if (isConflict(failure)) {
            return error(
                    ErrorCode.UNAVAILABLE,
                    what,
                    "other transactions were in the way several times; let nothing lock the tables anymq_* for long",
                    failure);
        }
        if (timedOut(failure) || state.equals("57014")) {
            return error(
                    ErrorCode.TIMEOUT,
                    what,
                    "the database did not answer in time; look at its load and its locks, or raise anymq.jdbc.timeout",
                    failure);
        }
        if (isUnreachable(failure, state, code)) {
            return error(
                    ErrorCode.UNAVAILABLE,
                    what,
                    "the database cannot be reached; it is asked again until it answers",
                    failure);
        }
        return error(ErrorCode.UNAVAILABLE, what, "the database refused; its message says why", failure);
    }

    private static boolean isUnreachable(SQLException failure, String state, int code) {
        return state.startsWith("08")
                || state.startsWith("57P")
                || state.equals("53300")
                || code == 90067
                || code == 90098
                || code == 90121
                || failure instanceof SQLTransientConnectionException
                || failure instanceof SQLNonTransientConnectionException
                || failure instanceof SQLRecoverableException;
    }

    private static MessagingException error(ErrorCode code, String what, String cure, SQLException failure) {
        String message = String.valueOf(failure.getMessage());
        int statement = message.indexOf("; SQL statement:");
        String said = statement < 0 ? message : message.substring(0, statement);
        return new MessagingException(
                code,
                "could not " + what + ": " + cure + " (SQLState " + failure.getSQLState() + ", code "
                        + failure.getErrorCode() + ": " + Escape.forLog(said) + ")",
                true,
                failure);
    }
}
