import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.QueryResult;
import de.bwaldvogel.mongo.backend.memory.MemoryCollection;
import de.bwaldvogel.mongo.backend.memory.MemoryDatabase;
import de.bwaldvogel.mongo.bson.Document;

/**
 * Uses a unique index also for queries on more than its fields, and to find a document's position;
 * mongo-java-server reads the whole collection for both.
 */
final class IndexedDatabase extends MemoryDatabase {
  IndexedDatabase(String name, CursorRegistry cursors) {
    super(name, cursors);
  }

  @Override
  protected MemoryCollection openOrCreateCollection(String name, CollectionOptions options) {
    return new IndexedCollection(this, name, options, cursorRegistry);
  }

  private static final class IndexedCollection extends MemoryCollection {
    IndexedCollection(MongoDatabase database, String name, CollectionOptions options, CursorRegistry cursors) {
      super(database, name, options, cursors);
    }

    @Override
    protected Integer findDocumentPosition(Document document) {
      Document id = new Document("_id", document.get("_id"));
      for (Index<Integer> index : getIndexes()) {
        if (index.isUnique() && index.canHandle(id)) return index.getPosition(document);
      }
      return super.findDocumentPosition(document);
    }

    @Override
    protected synchronized QueryResult queryDocuments(
        Document query, Document order, int skip, int limit, int batch, Document fields) {
      for (Index<Integer> index : getIndexes()) {
        Document part = partOf(query, index);
        if (part == null || !index.isUnique() || !index.canHandle(part)) continue;
        return matchDocuments(query, index.getPositions(part), order, skip, limit, batch, fields);
      }
      return super.queryDocuments(query, order, skip, limit, batch, fields);
    }

    /** Returns the query's conditions on the index's fields; null unless it has one for each of them. */
    private static Document partOf(Document query, Index<Integer> index) {
      Document part = new Document();
      for (IndexKey key : index.getKeys()) {
        if (!query.containsKey(key.getKey())) return null;
        part.put(key.getKey(), query.get(key.getKey()));
      }
      return part;
    }
  }
}
