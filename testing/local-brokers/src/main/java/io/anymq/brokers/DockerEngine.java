package io.anymq.brokers;

import java.util.Optional;
import org.testcontainers.DockerClientFactory;

/** Finds out whether containers can be started here. */
final class DockerEngine {
    private DockerEngine() {}

    /** Why not, or empty if they can. Testcontainers remembers its answer, so only the first call takes long. */
    static Optional<String> obstacle(String containerClass, String artifact) {
        try {
            Class.forName(containerClass, false, DockerEngine.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            return Optional.of(artifact + " is not on the class path");
        }
        return Engine.obstacle();
    }

    /** Apart, so that the class above loads without Testcontainers. */
    private static final class Engine {
        static Optional<String> obstacle() {
            return DockerClientFactory.instance().isDockerAvailable()
                    ? Optional.empty()
                    : Optional.of("no Docker engine is reachable");
        }
    }
}
