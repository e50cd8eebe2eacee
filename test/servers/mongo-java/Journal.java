import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.bson.BsonDecoder;
import de.bwaldvogel.mongo.wire.bson.BsonEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Records every command that changes something, in order, so that it can be repeated: acknowledged writes
 * survive a killed process, though not a loss of power.
 */
final class Journal {
  private final Path file;
  private final FileOutputStream out;

  Journal(Path file) throws IOException {
    this.file = file;
    out = new FileOutputStream(file.toFile(), true);
  }

  synchronized Document write(String database, Document command, Supplier<Document> run) {
    // Recorded before it runs: running may change the documents in it.
    ByteBuf entry = Unpooled.buffer();
    Document journaled = command.clone();
    journaled.put("$db", database);
    BsonEncoder.encodeDocument(journaled, entry);
    Document answer = run.get();
    try {
      entry.readBytes(out, entry.readableBytes());
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
    return answer;
  }

  /** Skips an incomplete last entry of a killed process: it was never acknowledged. */
  void read(BiConsumer<String, Document> command) {
    ByteBuf all = Unpooled.wrappedBuffer(content());
    while (all.readableBytes() > 4 && all.getIntLE(all.readerIndex()) <= all.readableBytes()) {
      Document journaled = BsonDecoder.decodeBson(all);
      command.accept((String) journaled.remove("$db"), journaled);
    }
  }

  private byte[] content() {
    try {
      return Files.readAllBytes(file);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }
}
