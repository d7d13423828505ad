package io.anymq.examples.registration;

import io.anymq.examples.mail.MailServer;
import java.sql.SQLException;
import java.time.Duration;

/** The systems that the subscribers talk to; all of them run on this computer. */
record ExternalSystems(
        MailServer mailServer, Users users, WebService smsGateway, WebService partner, WebService loyalty)
        implements AutoCloseable {
    static ExternalSystems start() throws Exception {
        return new ExternalSystems(
                MailServer.start(Duration.ZERO), new Users(), new WebService(), new WebService(), new WebService());
    }

    @Override
    public void close() throws SQLException {
        mailServer.close();
        users.close();
        smsGateway.close();
        partner.close();
        loyalty.close();
    }
}
