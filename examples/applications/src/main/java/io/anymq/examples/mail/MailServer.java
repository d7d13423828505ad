package io.anymq.examples.mail;

import com.icegreen.greenmail.Managers;
import com.icegreen.greenmail.smtp.SmtpManager;
import com.icegreen.greenmail.smtp.SmtpServer;
import com.icegreen.greenmail.smtp.SmtpState;
import com.icegreen.greenmail.store.StoredMessage;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.MessagingException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An SMTP server (GreenMail) on a free port of this computer that takes its time for every mail, several mails at once,
 * and can go down and come back with its mailboxes intact. Thread-safe.
 */
public final class MailServer implements AutoCloseable {
    /** Where it listens. */
    public static final String HOST = "127.0.0.1";

    private static final Logger LOG = LoggerFactory.getLogger(MailServer.class);
    private static final Duration STARTUP = Duration.ofSeconds(10);

    private final Managers mailboxes;
    private final int port;
    private @Nullable SmtpServer running;

    private MailServer(Duration perMail, int port) {
        this.port = port;
        mailboxes = new Managers() {
            private final SmtpManager smtp = new SmtpManager(getImapHostManager(), getUserManager()) {
                @Override
                public @Nullable String checkData(SmtpState state) {
                    pace(perMail);
                    return super.checkData(state);
                }
            };

            @Override
            public SmtpManager getSmtpManager() {
                return smtp;
            }
        };
    }

    /** A running server that works {@code perMail} on each mail before it confirms it. */
    public static MailServer start(Duration perMail) {
        MailServer server = new MailServer(perMail, freePort());
        server.up();
        return server;
    }

    /** Listens again, on the same port as before. */
    public synchronized void up() {
        SmtpServer server = new SmtpServer(new ServerSetup(port, HOST, ServerSetup.PROTOCOL_SMTP), mailboxes);
        server.startService();
        running = server;
        boolean listening;
        try {
            listening = server.waitTillRunning(STARTUP.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the mail server was starting", e);
        }
        if (!listening) {
            throw new IllegalStateException("the mail server could not listen on " + HOST + ":" + port);
        }
    }

    /** Refuses connections until {@link #up()}. */
    public synchronized void down() {
        if (running != null) {
            running.stopService();
            running = null;
        }
    }

    /** Where it listens, or will again. */
    public int port() {
        return port;
    }

    /** The number of copies of each mail in all mailboxes, by the mail's id. */
    public Map<String, Integer> copies() {
        Map<String, Integer> copies = new HashMap<>();
        for (StoredMessage stored : mailboxes.getImapHostManager().getAllMessages()) {
            copies.merge(id(stored), 1, Integer::sum);
        }
        return copies;
    }

    /**
     * Below the ports that the operating system gives to clients: one of those could be taken while the server is down,
     * even by a client that tries to reach it.
     */
    private static int freePort() {
        for (int tries = 0; tries < 100; tries++) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 30_000);
            try (ServerSocket probe = new ServerSocket()) {
                probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return port;
            } catch (IOException e) {
                LOG.debug("Port {} is in use; trying another one", port, e);
            }
        }
        throw new IllegalStateException("could not find a free port between 20000 and 30000 in 100 tries");
    }

    private static String id(StoredMessage stored) {
        try {
            String header = stored.getMimeMessage().getMessageID();
            return header.substring(1, header.indexOf('@'));
        } catch (MessagingException e) {
            throw new IllegalStateException("could not read a stored mail", e);
        }
    }

    private static void pace(Duration duration) {
        long end = System.nanoTime() + duration.toNanos();
        for (long left = duration.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    @Override
    public void close() {
        down();
    }
}
