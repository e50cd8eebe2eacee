import de.bwaldvogel.mongo.bson.BinData;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerError;
import de.bwaldvogel.mongo.wire.bson.BsonDecoder;
import de.bwaldvogel.mongo.wire.bson.BsonEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.h2.mvstore.MVStore;

/** Users and roles, as `createUser` and `createRole` make them. */
final class Accounts {
  /** Somebody who has authenticated, with the documents of their roles. */
  record User(String database, String name, List<Document> roles) {}

  private final MVStore store;
  private final Map<String, byte[]> users;
  private final Map<String, byte[]> roles;

  Accounts(MVStore store) {
    this.store = store;
    users = store.openMap("users");
    roles = store.openMap("roles");
    builtIn("root", new Document("anyResource", true), List.of("anyAction"));
    builtIn("read", new Document("db", "*").append("collection", ""), List.of("find"));
    List<String> readWrite = List.of("find", "insert", "update", "remove", "createIndex", "createCollection");
    builtIn("readWrite", new Document("db", "*").append("collection", ""), readWrite);
  }

  private void builtIn(String name, Document resource, List<String> actions) {
    Document privilege = new Document("resource", resource).append("actions", actions);
    roles.put(name, encode(new Document("privileges", List.of(privilege))));
  }

  void createRoot(String password) {
    if (users.containsKey(key("admin", "root"))) return;
    Document role = new Document("role", "root").append("db", "admin");
    createUser("admin", new Document("createUser", "root").append("pwd", password).append("roles", List.of(role)));
  }

  void createUser(String database, Document command) {
    String name = (String) command.get("createUser");
    Document user = Scram.credentials((String) command.get("pwd"));
    List<Document> granted = new ArrayList<>();
    for (Object role : (List<?>) command.get("roles")) {
      granted.add(role instanceof Document ? (Document) role : new Document("role", role).append("db", database));
    }
    users.put(key(database, name), encode(user.append("roles", granted)));
    store.commit();
  }

  void createRole(String database, Document command) {
    Document role = new Document("privileges", command.get("privileges"));
    roles.put(key(database, (String) command.get("createRole")), encode(role));
    store.commit();
  }

  /** Null when there is no such user. */
  Document find(String database, String name) {
    byte[] found = users.get(key(database, name));
    return found == null ? null : decode(found);
  }

  User signIn(String database, String name) {
    List<Document> granted = new ArrayList<>();
    for (Object each : (List<?>) find(database, name).get("roles")) granted.add((Document) each);
    return new User(database, name, granted);
  }

  boolean may(User user, String action, String database, String collection) {
    return privileges(user).stream()
        .anyMatch(privilege -> covers((Document) privilege.get("resource"), database, collection)
            && allows((List<?>) privilege.get("actions"), action));
  }

  private static boolean allows(List<?> actions, String action) {
    return actions.contains(action) || actions.contains("anyAction");
  }

  /** https://www.mongodb.com/docs/manual/reference/resource-document/ */
  private static boolean covers(Document resource, String database, String collection) {
    if (Boolean.TRUE.equals(resource.get("anyResource"))) return true;
    return List.of("", database).contains(resource.get("db"))
        && List.of("", collection).contains(resource.get("collection"));
  }

  /** What `connectionStatus` tells with `showPrivileges`. */
  Document describe(User user) {
    return new Document("authenticatedUsers", List.of(new Document("user", user.name()).append("db", user.database())))
        .append("authenticatedUserRoles", user.roles())
        .append("authenticatedUserPrivileges", privileges(user));
  }

  private List<Document> privileges(User user) {
    List<Document> all = new ArrayList<>();
    for (Document role : user.roles()) {
      String database = (String) role.get("db");
      String name = (String) role.get("role");
      byte[] found = roles.getOrDefault(key(database, name), roles.get(name));
      if (found == null) throw new MongoServerError(31, "RoleNotFound", "No role named " + name + "@" + database);
      for (Object privilege : (List<?>) decode(found).get("privileges")) {
        all.add(inDatabase((Document) privilege, database));
      }
    }
    return all;
  }

  /** A built-in role is about the database it is granted on. */
  private static Document inDatabase(Document privilege, String database) {
    Document resource = (Document) privilege.get("resource");
    if ("*".equals(resource.get("db"))) resource.put("db", database);
    return privilege;
  }

  private static String key(String database, String name) {
    return database + "." + name;
  }

  private static byte[] encode(Document document) {
    ByteBuf buffer = Unpooled.buffer();
    BsonEncoder.encodeDocument(document, buffer);
    return ByteBufUtil.getBytes(buffer);
  }

  private static Document decode(byte[] bytes) {
    return BsonDecoder.decodeBson(Unpooled.wrappedBuffer(bytes));
  }

  static byte[] bytes(Document document, String name) {
    return ((BinData) document.get(name)).getData();
  }
}
