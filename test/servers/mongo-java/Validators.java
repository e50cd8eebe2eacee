import de.bwaldvogel.mongo.backend.DefaultQueryMatcher;
import de.bwaldvogel.mongo.bson.Document;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The validators of collections. They apply to inserts and replacements of whole documents. */
final class Validators {
  private final Map<String, Document> validators = new ConcurrentHashMap<>();

  void created(String database, Document command) {
    Object validator = command.get("validator");
    if (validator != null) validators.put(database + "." + command.get("create"), (Document) validator);
  }

  void dropped(String database, Document command) {
    validators.remove(database + "." + command.get("drop"));
  }

  /** Runs the update without the refused statements, and answers as if all had run. */
  Document update(String database, Document command, Function<Document, Document> run) {
    Document validator = validators.get(database + "." + command.get("update"));
    if (validator == null) return run.apply(command);
    List<Object> allowed = new ArrayList<>();
    List<Integer> positions = new ArrayList<>();
    List<Document> errors = new ArrayList<>();
    int index = 0;
    for (Object update : (List<?>) command.get("updates")) {
      if (new DefaultQueryMatcher().matches((Document) ((Document) update).get("u"), validator)) {
        allowed.add(update);
        positions.add(index);
      } else {
        errors.add(new Document("index", index).append("code", 121).append("errmsg", "Document failed validation"));
      }
      index++;
    }
    Document rest = command.clone();
    rest.put("updates", allowed);
    Document answer = run.apply(rest);
    for (Document each : documents(answer, "upserted")) each.put("index", positions.get((Integer) each.get("index")));
    for (Document each : documents(answer, "writeErrors")) {
      each.put("index", positions.get((Integer) each.get("index")));
      errors.add(each);
    }
    if (!errors.isEmpty()) answer.put("writeErrors", errors);
    return answer;
  }

  private static List<Document> documents(Document answer, String name) {
    List<Document> all = new ArrayList<>();
    for (Object each : (List<?>) answer.getOrDefault(name, List.of())) all.add((Document) each);
    return all;
  }
}
