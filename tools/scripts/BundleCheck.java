import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * Checks a release's files against what the central repository asks for: places, checksums, sources, Javadoc, the
 * descriptions in each POM, signatures; and against what AnyMQ promises beside it: licence and bill of materials.
 *
 * <pre>java BundleCheck.java target/release/bundle 0.1.0 unsigned</pre>
 */
public final class BundleCheck {
    private static final String GROUP = "io.anymq";
    private static final List<String> SUMS = List.of("md5", "sha1");

    private final Path bundle;
    private final String version;
    private final boolean signed;
    private final List<String> problems = new ArrayList<>();
    private final Map<String, Document> poms = new TreeMap<>();

    private BundleCheck(Path bundle, String version, boolean signed) {
        this.bundle = bundle;
        this.version = version;
        this.signed = signed;
    }

    public static void main(String[] args) throws Exception {
        if (args.length != 3) {
            System.err.println("usage: java BundleCheck.java <folder> <version> signed|unsigned");
            System.exit(2);
        }
        BundleCheck check = new BundleCheck(Path.of(args[0]), args[1], args[2].equals("signed"));
        check.run();
        check.problems.forEach(System.err::println);
        System.out.println(check.poms.size() + " artifacts checked, " + check.problems.size() + " problems");
        System.exit(check.problems.isEmpty() ? 0 : 1);
    }

    private void run() throws Exception {
        Path group = bundle.resolve(GROUP.replace('.', '/'));
        if (!Files.isDirectory(group)) {
            problems.add(group + " is missing: nothing was built");
            return;
        }
        for (Path file : files()) {
            Path inGroup = group.relativize(file);
            if (!file.startsWith(group) || inGroup.getNameCount() != 3 || !inGroup.getName(1).toString().equals(version)) {
                problems.add(file + ": its place is not " + GROUP + "/<artifact>/" + version);
            }
            checkSums(file);
        }
        try (Stream<Path> artifacts = Files.list(group)) {
            for (Path artifact : artifacts.sorted().toList()) {
                String name = artifact.getFileName().toString();
                Path pom = file(name, ".pom");
                if (Files.exists(pom)) {
                    poms.put(name, parse(pom));
                } else {
                    problems.add(pom + " is missing");
                }
            }
        }
        for (String name : poms.keySet()) {
            checkArtifact(name);
        }
        checkBom();
    }

    private Path file(String artifact, String ending) {
        return bundle.resolve(GROUP.replace('.', '/'))
                .resolve(artifact)
                .resolve(version)
                .resolve(artifact + "-" + version + ending);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(bundle)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private void checkSums(Path file) throws Exception {
        String name = file.getFileName().toString();
        if (SUMS.stream().anyMatch(sum -> name.endsWith("." + sum)) || name.endsWith(".asc")) {
            return;
        }
        byte[] content = Files.readAllBytes(file);
        for (String sum : SUMS) {
            Path beside = Path.of(file + "." + sum);
            String expected = HexFormat.of().formatHex(MessageDigest.getInstance(sum).digest(content));
            if (!Files.exists(beside) || !Files.readString(beside).trim().equals(expected)) {
                problems.add(file + ": no right ." + sum + " beside it");
            }
        }
        if (signed && !Files.exists(Path.of(file + ".asc"))) {
            problems.add(file + ": no signature beside it");
        }
    }

    private void checkArtifact(String name) throws Exception {
        Document pom = poms.get(name);
        Path path = file(name, ".pom");
        for (String wanted : List.of("name", "description")) {
            if (child(pom.getDocumentElement(), wanted).isEmpty()) {
                problems.add(path + ": <" + wanted + "> is missing");
            }
        }
        for (String wanted : List.of("url", "licenses", "developers", "scm")) {
            if (inherited(pom, wanted).isEmpty()) {
                problems.add(path + ": <" + wanted + "> is missing, also in its parent");
            }
        }
        if (Files.readString(path).contains("SNAPSHOT")) {
            problems.add(path + ": names a SNAPSHOT");
        }
        if (text(pom, "packaging").orElse("jar").equals("pom")) {
            return;
        }
        // a starter brings libraries and has no classes
        boolean starter = name.endsWith("-starter");
        checkJar(file(name, ".jar"), List.of("META-INF/LICENSE", starter ? "META-INF/MANIFEST.MF" : ".class"));
        checkJar(file(name, "-sources.jar"), List.of(starter ? "README.md" : ".java"));
        checkJar(file(name, "-javadoc.jar"), List.of(starter ? "README.md" : "index.html"));
        for (String ending : List.of("-cyclonedx.json", "-cyclonedx.xml")) {
            Path materials = file(name, ending);
            if (!Files.exists(materials) || !Files.readString(materials).contains(name)) {
                problems.add(materials + ": the bill of materials is missing or is not its own");
            }
        }
    }

    /** There is an entry that ends like each. */
    private void checkJar(Path jar, List<String> wanted) throws IOException {
        if (!Files.exists(jar)) {
            problems.add(jar + " is missing");
            return;
        }
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            List<String> entries = zip.stream().map(ZipEntry::getName).toList();
            for (String ending : wanted) {
                if (entries.stream().noneMatch(entry -> entry.endsWith(ending))) {
                    problems.add(jar + ": holds no " + ending);
                }
            }
        }
    }

    /** The BOM names what is published and can be depended on, and nothing else. */
    private void checkBom() {
        Document bom = poms.get("anymq-bom");
        if (bom == null) {
            problems.add("anymq-bom is missing");
            return;
        }
        TreeSet<String> managed = new TreeSet<>();
        var artifacts = bom.getElementsByTagName("artifactId");
        for (int i = 0; i < artifacts.getLength(); i++) {
            managed.add(artifacts.item(i).getTextContent().trim());
        }
        managed.removeIf(name -> !name.startsWith("anymq-"));
        managed.remove("anymq-bom");
        TreeSet<String> jars = new TreeSet<>();
        poms.forEach((name, pom) -> {
            if (!text(pom, "packaging").orElse("jar").equals("pom")) {
                jars.add(name);
            }
        });
        if (!managed.equals(jars)) {
            problems.add("anymq-bom names " + managed + ", but published are " + jars);
        }
    }

    private Optional<Element> inherited(Document pom, String name) {
        Optional<Element> own = child(pom.getDocumentElement(), name);
        if (own.isPresent()) {
            return own;
        }
        return child(pom.getDocumentElement(), "parent")
                .flatMap(parent -> child(parent, "artifactId"))
                .map(parent -> poms.get(parent.getTextContent().trim()))
                .flatMap(parent -> child(parent.getDocumentElement(), name));
    }

    private static Optional<String> text(Document pom, String name) {
        return child(pom.getDocumentElement(), name).map(element -> element.getTextContent().trim());
    }

    private static Optional<Element> child(Element parent, String name) {
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element
                    && element.getTagName().equals(name)
                    && !element.getTextContent().isBlank()) {
                return Optional.of(element);
            }
        }
        return Optional.empty();
    }

    private static Document parse(Path pom) throws Exception {
        try (InputStream in = Files.newInputStream(pom)) {
            return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in);
        }
    }
}
