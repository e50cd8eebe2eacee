import de.bwaldvogel.mongo.backend.Utils;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import de.bwaldvogel.mongo.backend.memory.MemoryDatabase;
import de.bwaldvogel.mongo.bson.BinData;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerError;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Adds what mongo-java-server lacks: connections authenticate by SCRAM-SHA-256, each command requires the
 * privileges that MongoDB documents, validators and the fail point `failCommand` are applied, and acknowledged
 * writes survive a killed process.
 */
final class GuardedBackend extends MemoryBackend {
  private static final Set<String> ANYBODY =
      Set.of("ismaster", "hello", "saslstart", "saslcontinue", "ping", "endsessions", "buildinfo");
  private static final Set<String> WRITES =
      Set.of(
          "insert", "update", "delete", "createindexes", "create", "drop", "dropdatabase", "createuser", "createrole");

  private final Accounts accounts;
  private final Journal journal;
  private final FailPoint failPoint = new FailPoint();
  private final Validators validators = new Validators();
  private final Map<Channel, Scram> conversations = new ConcurrentHashMap<>();
  private final Map<Channel, Accounts.User> users = new ConcurrentHashMap<>();

  GuardedBackend(Accounts accounts, Journal journal) {
    this.accounts = accounts;
    this.journal = journal;
  }

  @Override
  public MemoryDatabase openOrCreateDatabase(String name) {
    return new IndexedDatabase(name, getCursorRegistry());
  }

  /** Repeats the commands of the former process. */
  void replay() {
    Channel nobody = new EmbeddedChannel();
    journal.read((database, command) -> run(nobody, database, command.keySet().iterator().next(), command));
  }

  @Override
  public Document handleCommand(Channel channel, String database, String command, Document query) {
    String name = command.toLowerCase();
    if (!ANYBODY.contains(name)) demand(channel, database, command, query);
    Document concern = failPoint.before(database, command, query);
    Document answer = WRITES.contains(name)
        ? journal.write(database, query, () -> run(channel, database, command, query))
        : run(channel, database, command, query);
    if (concern != null) answer.put("writeConcernError", concern);
    return answer;
  }

  @Override
  public void handleClose(Channel channel) {
    conversations.remove(channel);
    users.remove(channel);
    super.handleClose(channel);
  }

  private Document run(Channel channel, String database, String command, Document query) {
    String name = command.toLowerCase();
    switch (name) {
      case "hello":
      case "ismaster":
        return hello(super.handleCommand(channel, database, "ismaster", query), query);
      case "saslstart":
        return converse(channel, new Scram(accounts, database), query);
      case "saslcontinue":
        return converse(channel, conversations.get(channel), query);
      case "connectionstatus":
        return ok(new Document("authInfo", accounts.describe(users.get(channel))));
      case "createuser":
        accounts.createUser(database, query);
        return ok(new Document());
      case "createrole":
        accounts.createRole(database, query);
        return ok(new Document());
      case "configurefailpoint":
        failPoint.configure(query);
        return ok(new Document());
      case "update":
        return validators.update(database, query, rest -> super.handleCommand(channel, database, command, rest));
      default:
        if (name.equals("create")) validators.created(database, query);
        if (name.equals("drop")) validators.dropped(database, query);
        return super.handleCommand(channel, database, command, query);
    }
  }

  private Document hello(Document answer, Document query) {
    answer.append("isWritablePrimary", true).append("helloOk", true);
    if (query.containsKey("saslSupportedMechs")) {
      answer.append("saslSupportedMechs", List.of("SCRAM-SHA-256"));
    }
    return answer;
  }

  private Document converse(Channel channel, Scram conversation, Document query) {
    if (conversation == null) throw Scram.failed();
    byte[] reply = conversation.answer(((BinData) query.get("payload")).getData());
    if (conversation.user() == null) conversations.put(channel, conversation);
    else users.put(channel, conversation.user());
    boolean done = conversation.user() != null;
    return ok(new Document("conversationId", 1).append("done", done).append("payload", new BinData(reply)));
  }

  /** https://www.mongodb.com/docs/manual/reference/privilege-actions/ */
  private void demand(Channel channel, String database, String command, Document query) {
    Accounts.User user = users.get(channel);
    if (user == null) {
      throw new MongoServerError(13, "Unauthorized", "Command " + command + " requires authentication");
    }
    if (command.equalsIgnoreCase("connectionStatus") || command.equalsIgnoreCase("getMore")) return;
    String collection = String.valueOf(query.get(command));
    for (String action : actionsOf(command, query)) {
      if (accounts.may(user, action, database, collection)) continue;
      String what = "not authorized on " + database + " to execute command { " + command + ": \"" + collection + "\" }";
      throw new MongoServerError(13, "Unauthorized", what);
    }
  }

  private static List<String> actionsOf(String command, Document query) {
    switch (command) {
      case "update":
        List<String> actions = new ArrayList<>(List.of("update"));
        for (Object update : (List<?>) query.get("updates")) {
          if (Utils.isTrue(((Document) update).get("upsert"))) actions.add("insert");
        }
        return actions;
      case "delete":
        return List.of("remove");
      case "createIndexes":
        return List.of("createIndex");
      case "find":
      case "insert":
        return List.of(command);
      default:
        return List.of("anyAction");
    }
  }

  private static Document ok(Document answer) {
    Utils.markOkay(answer);
    return answer;
  }
}
