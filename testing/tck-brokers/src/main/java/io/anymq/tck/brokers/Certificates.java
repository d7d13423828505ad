package io.anymq.tck.brokers;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Certificates for one test run: of a server at 127.0.0.1, of a server somewhere else, and of a client, each signed by
 * an authority of its own. Made by the JDK's {@code keytool}, in the forms that brokers want.
 */
public final class Certificates {
    /** Opens every store. */
    public static final String PASSWORD = "c3rtif1cates";

    private static final String ALIAS = "it";
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    /** Whose certificate. */
    public enum Owner {
        /** A server with the name under which tests reach it. */
        SERVER("ip:127.0.0.1,dns:localhost"),
        /** A server with another name. */
        ELSEWHERE("dns:elsewhere.invalid"),
        /** A client. */
        CLIENT("dns:client.invalid");

        private final String names;

        Owner(String names) {
            this.names = names;
        }
    }

    private final Path folder;

    /**
     * Makes certificates for all owners.
     *
     * @param folder where the files are put
     * @throws IOException if {@code keytool} or the disk fails
     */
    public Certificates(Path folder) throws IOException {
        this.folder = folder;
        try {
            for (Owner owner : Owner.values()) {
                make(owner);
                export(owner);
            }
        } catch (GeneralSecurityException e) {
            throw new IOException("could not write a certificate store", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while keytool was running", e);
        }
    }

    /** The owner's key and certificate, and the authority that has signed it. */
    private void make(Owner owner) throws IOException, InterruptedException {
        String authority = folder.resolve(owner + "-authority.p12").toString();
        String keys = keyStore(owner).toString();
        String request = folder.resolve(owner + "-request.pem").toString();
        Path chain = certificate(owner);
        generate(authority, "CN=authority of " + owner, "bc:c");
        generate(keys, "CN=" + owner, "san=" + owner.names);
        keytool("-certreq", "-keystore", keys, "-file", request);
        keytool(
                "-exportcert",
                "-rfc",
                "-keystore",
                authority,
                "-file",
                authority(owner).toString());
        keytool(
                "-gencert",
                "-rfc",
                "-keystore",
                authority,
                "-infile",
                request,
                "-outfile",
                chain.toString(),
                "-ext",
                "san=" + owner.names);
        Files.writeString(chain, Files.readString(authority(owner)), StandardOpenOption.APPEND);
        keytool("-importcert", "-noprompt", "-keystore", keys, "-file", chain.toString());
    }

    private void generate(String store, String name, String extension) throws IOException, InterruptedException {
        keytool("-genkeypair", "-keyalg", "EC", "-keystore", store, "-dname", name, "-ext", extension);
    }

    private void keytool(String command, String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        line.addAll(List.of(command, "-alias", ALIAS, "-storetype", "PKCS12", "-storepass", PASSWORD));
        line.addAll(List.of(arguments));
        Path log = folder.resolve("keytool.log");
        Process process = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException("keytool " + command + " failed: " + Files.readString(log));
        }
    }

    private void export(Owner owner) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keyStore(owner))) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        Certificate[] chain = keys.getCertificateChain(ALIAS);
        trusted.setCertificateEntry(ALIAS, chain[chain.length - 1]);
        try (OutputStream out = Files.newOutputStream(trustStore(owner))) {
            trusted.store(out, PASSWORD.toCharArray());
        }
        byte[] key = keys.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded();
        String text = new String(LINES.encode(key), US_ASCII);
        Files.writeString(key(owner), "-----BEGIN PRIVATE KEY-----\n" + text + "\n-----END PRIVATE KEY-----\n");
    }

    /** PKCS#12 store of the owner's certificate and key. */
    public Path keyStore(Owner owner) {
        return folder.resolve(owner + "-keys.p12");
    }

    /** PKCS#12 store of an authority that vouches only for this owner. */
    public Path trustStore(Owner owner) {
        return folder.resolve(owner + "-trust.p12");
    }

    /** The authority that vouches only for this owner, in PEM. */
    public Path authority(Owner owner) {
        return folder.resolve(owner + "-authority.pem");
    }

    /** The owner's certificate in PEM, and behind it its authority's. */
    public Path certificate(Owner owner) {
        return folder.resolve(owner + "-certificate.pem");
    }

    /** The owner's key in PEM. */
    public Path key(Owner owner) {
        return folder.resolve(owner + "-key.pem");
    }
}
