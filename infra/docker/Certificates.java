import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.List;

/**
 * Makes the file of authorities that Java trusts from a folder of PEM files: {@code Certificates.java FOLDER FILE}. From the
 * distribution's own folder, and not from the machine's trust store, so that an image does not trust what only the network of the
 * machine that built it needs.
 */
final class Certificates {
  private static final int FEWEST = 50;

  private Certificates() {}

  public static void main(String[] arguments) throws IOException, GeneralSecurityException {
    Path folder = Path.of(arguments[0]);
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    CertificateFactory certificates = CertificateFactory.getInstance("X.509");
    List<Path> files;
    try (var found = Files.list(folder)) {
      files = found.filter(file -> file.toString().endsWith(".crt")).sorted().toList();
    }
    for (Path file : files) {
      try (var in = Files.newInputStream(file)) {
        Certificate certificate = certificates.generateCertificate(in);
        store.setCertificateEntry(file.getFileName().toString(), certificate);
      }
    }
    if (store.size() < FEWEST) {
      throw new IOException(
          folder + " holds " + store.size() + " certificates, fewer than " + FEWEST + ": apt-get install ca-certificates");
    }
    // Without a password and without encryption: all of it is public, and Java reads it so.
    System.setProperty("keystore.pkcs12.certProtectionAlgorithm", "NONE");
    System.setProperty("keystore.pkcs12.macAlgorithm", "NONE");
    try (var out = Files.newOutputStream(Path.of(arguments[1]))) {
      store.store(out, new char[0]);
    }
    System.err.println(store.size() + " authorities from " + folder);
  }
}
