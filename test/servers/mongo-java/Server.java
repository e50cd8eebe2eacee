import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;

/**
 * mongo-java-server with users, roles and a journal. Arguments: its directory, where `certificate.pem` and
 * `key.pem` are, its port and its port for TLS. The password of the user root is in MONGO_ROOT_PASSWORD.
 */
public final class Server {
  /** The version that drivers see: 5.0 is the first that accepts any field name inside a document. */
  private static final MongoVersion VERSION = new MongoVersion() {
    @Override
    public List<Integer> getVersionArray() {
      return List.of(5, 0, 0);
    }

    @Override
    public int getWireVersion() {
      return 13;
    }
  };

  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    Accounts accounts = new Accounts(System.getenv("MONGO_ROOT_PASSWORD"));
    GuardedBackend backend = new GuardedBackend(accounts, new Journal(directory.resolve("journal.bson")));
    backend.version(VERSION);
    backend.replay();
    MongoServer plain = new MongoServer(backend);
    MongoServer overTls = new MongoServer(backend);
    overTls.enableSsl(key(directory), null, certificate(directory));
    overTls.bind("127.0.0.1", Integer.parseInt(arguments[2]));
    plain.bind("127.0.0.1", Integer.parseInt(arguments[1]));
    Thread.currentThread().join();
  }

  private static X509Certificate certificate(Path directory) throws Exception {
    byte[] pem = Files.readAllBytes(directory.resolve("certificate.pem"));
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    return (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(pem));
  }

  private static PrivateKey key(Path directory) throws Exception {
    String pem = Files.readString(directory.resolve("key.pem")).replaceAll("-----.*-----|\\s", "");
    byte[] der = Base64.getDecoder().decode(pem);
    return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
  }
}
