package io.anymq.brokers;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Finds Maven's launcher script. */
final class MavenCommand {
    private MavenCommand() {}

    static Path find(Settings settings) {
        String name = File.separatorChar == '\\' ? "mvn.cmd" : "mvn";
        List<Path> places = new ArrayList<>();
        settings.get("anymq.brokers.maven").map(Path::of).ifPresent(places::add);
        for (String variable : new String[] {"MAVEN_HOME", "M2_HOME"}) {
            settings.variable(variable).map(home -> Path.of(home, "bin", name)).ifPresent(places::add);
        }
        String path = settings.variable("PATH").orElse("");
        Arrays.stream(path.split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .forEach(places::add);
        return places.stream()
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new LocalBrokerException("Maven was not found, but is needed once to fetch the"
                        + " broker's jars. Put mvn on the PATH, or set -Danymq.brokers.maven=/path/to/mvn"));
    }
}
