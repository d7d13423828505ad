package io.anymq.postgresql;

import io.anymq.spi.Lane;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;

/** How a receiver takes messages from its source and settles them. Used by the receiver's thread. */
interface Supply {
    /** Takes at most {@code most} messages, in the order of each lane. */
    List<PostgresMessage> take(Connection connection, int most) throws SQLException;

    /** Whether {@link #take} may find something although the last one has found less than it was asked for. */
    boolean mayHaveMore();

    /** Looks after competitors: which have died, and whose turn it is. */
    void look() throws SQLException;

    /** Deletes messages that are done, by one statement. Those that belong to others meanwhile stay. */
    void settle(Connection connection, List<PostgresMessage> done) throws SQLException;

    /** The deletion is committed. */
    void settled(List<PostgresMessage> done);

    /** All messages that were handed out and are not settled. */
    Collection<PostgresMessage> out();

    /** Gives up all that is taken. */
    void release(Connection connection) throws SQLException;

    /** Stops or goes on handing out messages of a lane. */
    void pause(Lane lane, boolean paused);
}
