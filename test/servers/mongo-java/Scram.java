import de.bwaldvogel.mongo.bson.BinData;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerError;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

import static java.nio.charset.StandardCharsets.UTF_8;

/** The server's side of one SCRAM-SHA-256 conversation (RFC 7677). */
final class Scram {
  private static final int ITERATIONS = 4_096;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Accounts accounts;
  private final String database;
  private String name;
  private String nonce;
  private String begun;
  private Accounts.User user;

  Scram(Accounts accounts, String database) {
    this.accounts = accounts;
    this.database = database;
  }

  /** Null until the password is proven. */
  Accounts.User user() {
    return user;
  }

  static MongoServerError failed() {
    return new MongoServerError(18, "AuthenticationFailed", "Authentication failed.");
  }

  /** The stored form of a password. */
  static Document credentials(String password) {
    byte[] salt = random(16);
    byte[] salted = salted(password, salt);
    return new Document("salt", new BinData(salt))
        .append("storedKey", new BinData(sha256(hmac(salted, "Client Key"))))
        .append("serverKey", new BinData(hmac(salted, "Server Key")));
  }

  byte[] answer(byte[] message) {
    String text = new String(message, UTF_8);
    return (nonce == null ? first(text) : last(text)).getBytes(UTF_8);
  }

  private String first(String message) {
    String bare = message.substring(message.indexOf(",,") + 2);
    Map<String, String> attributes = attributes(bare);
    name = attributes.get("n").replace("=2C", ",").replace("=3D", "=");
    Document account = accounts.find(database, name);
    if (account == null) throw failed();
    nonce = attributes.get("r") + base64(random(18));
    String reply = "r=" + nonce + ",s=" + base64(Accounts.bytes(account, "salt")) + ",i=" + ITERATIONS;
    begun = bare + "," + reply;
    return reply;
  }

  private String last(String message) {
    Map<String, String> attributes = attributes(message);
    Document account = accounts.find(database, name);
    String said = begun + "," + message.substring(0, message.lastIndexOf(",p="));
    byte[] storedKey = Accounts.bytes(account, "storedKey");
    byte[] proof = Base64.getDecoder().decode(attributes.get("p"));
    byte[] clientKey = xor(hmac(storedKey, said), proof);
    boolean genuine = MessageDigest.isEqual(sha256(clientKey), storedKey) && nonce.equals(attributes.get("r"));
    if (!genuine) throw failed();
    user = accounts.signIn(database, name);
    return "v=" + base64(hmac(Accounts.bytes(account, "serverKey"), said));
  }

  private static Map<String, String> attributes(String message) {
    Map<String, String> found = new HashMap<>();
    for (String each : message.split(",")) found.put(each.substring(0, 1), each.substring(2));
    return found;
  }

  private static byte[] salted(String password, byte[] salt) {
    try {
      PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, ITERATIONS, 256);
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(UTF_8));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static byte[] xor(byte[] one, byte[] other) {
    byte[] result = new byte[one.length];
    for (int at = 0; at < one.length; at++) result[at] = (byte) (one[at] ^ other[at]);
    return result;
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
