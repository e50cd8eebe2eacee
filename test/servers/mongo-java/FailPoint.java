import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerError;
import java.util.List;

/**
 * MongoDB's fail point `failCommand`, for one namespace: commands fail with an error code before they run,
 * or run and are answered with a write concern error.
 */
final class FailPoint {
  private Document data = new Document();
  private int times;

  synchronized void configure(Document command) {
    Object mode = command.get("mode");
    times = mode instanceof Document ? ((Number) ((Document) mode).get("times")).intValue() : 0;
    data = (Document) command.getOrDefault("data", new Document());
  }

  /** The write concern error to answer with, or null. */
  synchronized Document before(String database, String command, Document query) {
    boolean hit = times > 0
        && ((List<?>) data.get("failCommands")).contains(command)
        && (database + "." + query.get(command)).equals(data.get("namespace"));
    if (!hit) return null;
    times--;
    if (data.get("errorCode") == null) return (Document) data.get("writeConcernError");
    int code = ((Number) data.get("errorCode")).intValue();
    throw new MongoServerError(code, null, "Failing command via 'failCommand' failpoint");
  }
}
