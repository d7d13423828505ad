package io.anymq.bench.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Properties;

/** The parts of the page that come from the class path. Stateless. */
final class Assets {
    private static final String WEBJAR = "/META-INF/maven/org.webjars.npm/chart.js/pom.properties";

    private Assets() {}

    /** A file beside this class. */
    static String text(String name) throws IOException {
        return read(name);
    }

    /** Chart.js (MIT), as its authors minified it, under a line that names it. */
    static String chartLibrary() throws IOException {
        Properties properties = new Properties();
        try (InputStream in = Assets.class.getResourceAsStream(WEBJAR)) {
            if (in == null) {
                throw new IOException("the WebJar of Chart.js is not on the class path");
            }
            properties.load(in);
        }
        String version = properties.getProperty("version");
        String script = read("/META-INF/resources/webjars/chart.js/" + version + "/dist/chart.umd.min.js");
        // The source map is a separate file, which is not embedded.
        String code = script.replaceAll("(?m)^//# sourceMappingURL=.*$", "");
        if (code.contains("</script")) {
            throw new IOException("Chart.js " + version + " cannot be embedded: it holds the end of a script element");
        }
        return "/* Chart.js " + version + ", MIT License, (c) Chart.js Contributors */\n" + code;
    }

    private static String read(String name) throws IOException {
        try (InputStream in = Assets.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException(name + " is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
