package io.anymq.jdbc;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;

/** HikariCP drops a connection when it sees the SQL states of class 08, and H2 has others for one that is broken. */
public final class BrokenH2 implements SQLExceptionOverride {
    /** For the pool. */
    public BrokenH2() {}

    @java.lang.Override
    public Override adjudicate(SQLException failure) {
        int code = failure.getErrorCode();
        return code == 90067 || code == 90121 || code == 90007 ? Override.MUST_EVICT : Override.CONTINUE_EVICT;
    }
}
