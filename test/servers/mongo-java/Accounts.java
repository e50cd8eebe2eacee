import de.bwaldvogel.mongo.bson.BinData;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Users and roles, as `createUser` and `createRole` make them. */
final class Accounts {
  /** An authenticated user, with the documents of their roles. */
  record User(String database, String name, List<Document> roles) {}

  private final Map<String, Document> users = new ConcurrentHashMap<>();
  private final Map<String, Document> roles = new ConcurrentHashMap<>();

  Accounts(String rootPassword) {
    builtIn("root", new Document("anyResource", true), List.of("anyAction"));
    builtIn("read", new Document("db", "*").append("collection", ""), List.of("find"));
    List<String> readWrite = List.of("find", "insert", "update", "remove", "createIndex", "createCollection");
    builtIn("readWrite", new Document("db", "*").append("collection", ""), readWrite);
    Document role = new Document("role", "root").append("db", "admin");
    Document root = new Document("createUser", "root").append("pwd", rootPassword).append("roles", List.of(role));
    createUser("admin", root);
  }

  private void builtIn(String name, Document resource, List<String> actions) {
    Document privilege = new Document("resource", resource).append("actions", actions);
    roles.put(name, new Document("privileges", List.of(privilege)));
  }

  void createUser(String database, Document command) {
    String name = (String) command.get("createUser");
    Document user = Scram.credentials((String) command.get("pwd"));
    List<Document> granted = new ArrayList<>();
    for (Object role : (List<?>) command.get("roles")) {
      granted.add(role instanceof Document ? (Document) role : new Document("role", role).append("db", database));
    }
    users.put(key(database, name), user.append("roles", granted));
  }

  void createRole(String database, Document command) {
    String name = (String) command.get("createRole");
    roles.put(key(database, name), new Document("privileges", command.get("privileges")));
  }

  /** Returns null when there is no such user. */
  Document find(String database, String name) {
    return users.get(key(database, name));
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

  /** Returns the privileges that `connectionStatus` lists with `showPrivileges`. */
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
      Document found = roles.getOrDefault(key(database, name), roles.get(name));
      if (found == null) throw new MongoServerError(31, "RoleNotFound", "No role named " + name + "@" + database);
      for (Object privilege : (List<?>) found.get("privileges")) {
        all.add(inDatabase((Document) privilege, database));
      }
    }
    return all;
  }

  /** A built-in role applies to the database it is granted on. */
  private static Document inDatabase(Document privilege, String database) {
    Document resource = ((Document) privilege.get("resource")).clone();
    if ("*".equals(resource.get("db"))) resource.put("db", database);
    return new Document("resource", resource).append("actions", privilege.get("actions"));
  }

  private static String key(String database, String name) {
    return database + "." + name;
  }

  static byte[] bytes(Document document, String name) {
    return ((BinData) document.get(name)).getData();
  }
}
