import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/**
 * Gathers the licences of an image's jars: {@code Licences.java --image serving|training FOLDER BOM.xml...}. Copies what the jars
 * themselves bring to FOLDER/licences and writes FOLDER/licences/jars.txt, a line for each jar with what its bill of materials says.
 * Fails for a jar without a licence, and where an image other than training holds one that is under the GPL alone.
 */
final class Licences {
  private static final Pattern TEXT =
      Pattern.compile("(META-INF/)?(LICEN[CS]E|NOTICE|COPYING|AL2|LGPL)[^/]*", Pattern.CASE_INSENSITIVE);

  private Licences() {}

  public static void main(String[] arguments) throws Exception {
    String image = arguments[1];
    Path folder = Path.of(arguments[2]);
    Map<String, List<String>> named = new TreeMap<>();
    for (int i = 3; i < arguments.length; i++) {
      read(new File(arguments[i]), named);
    }
    SortedMap<String, String> lines = new TreeMap<>();
    List<Path> jars;
    try (var found = Files.list(folder.resolve("jars"))) {
      jars = found.sorted().toList();
    }
    for (Path jar : jars) {
      String name = jar.getFileName().toString().replaceFirst("\\.jar$", "");
      List<String> licences = named.getOrDefault(name, List.of());
      if (licences.isEmpty()) {
        throw new IOException("no bill of materials names a licence of " + name + ".jar");
      }
      if (!image.equals("training") && licences.stream().allMatch(Licences::isCopyleft)) {
        throw new IOException(name + ".jar is under " + licences + ": it must not be in the image " + image);
      }
      lines.put(name, String.join(" or ", licences));
      copyTexts(jar, folder.resolve("licences").resolve(name));
    }
    StringBuilder table = new StringBuilder();
    lines.forEach((name, licences) -> table.append(name).append('\t').append(licences).append('\n'));
    Files.writeString(folder.resolve("licences/jars.txt"), table);
    System.err.println(lines.size() + " jars with their licences");
  }

  private static boolean isCopyleft(String licence) {
    String upper = licence.toUpperCase(Locale.ROOT);
    boolean excepted = upper.contains("CLASSPATH") || upper.contains("LGPL") || upper.contains("LESSER");
    return !excepted && (upper.contains("GPL") || upper.contains("GNU GENERAL"));
  }

  /** Adds the licences of a bill's components, by the name that Maven gives their jar. */
  private static void read(File bom, Map<String, List<String>> named) throws Exception {
    Document document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(bom);
    NodeList components = document.getElementsByTagName("component");
    for (int i = 0; i < components.getLength(); i++) {
      Element component = (Element) components.item(i);
      String name = child(component, "name") + "-" + child(component, "version");
      List<String> licences = licences(component);
      if (!licences.isEmpty()) {
        named.put(name, licences);
      }
    }
  }

  private static List<String> licences(Element component) {
    List<String> licences = new ArrayList<>();
    for (Node node = component.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (!node.getNodeName().equals("licenses")) {
        continue;
      }
      for (Node each = node.getFirstChild(); each != null; each = each.getNextSibling()) {
        if (each instanceof Element element) {
          String text =
              element.getNodeName().equals("expression")
                  ? element.getTextContent()
                  : child(element, "id") + child(element, "name");
          licences.add(text.strip());
        }
      }
    }
    return licences;
  }

  /** The text of the element directly below, or an empty one. */
  private static String child(Element parent, String name) {
    for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node.getNodeName().equals(name)) {
        return node.getTextContent();
      }
    }
    return "";
  }

  private static void copyTexts(Path jar, Path folder) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      for (var entry : file.stream().filter(each -> !each.isDirectory()).toList()) {
        if (TEXT.matcher(entry.getName()).matches() && !entry.getName().endsWith(".class")) {
          Files.createDirectories(folder);
          Path target = folder.resolve(entry.getName().replaceFirst("^META-INF/", ""));
          try (InputStream in = file.getInputStream(entry)) {
            Files.write(target, in.readAllBytes());
          }
        }
      }
    }
  }
}
