/**
 * Fauxqs with its data on disk, and two things that it does not offer as options: it listens on the loopback
 * address alone, and accepts the characters beyond U+FFFF, as AWS's documentation of SendMessage says.
 */
import { Server } from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { startFauxqs } from "fauxqs";

const [port, dataDir] = process.argv.slice(2);

const { listen } = Server.prototype;
Server.prototype.listen = function (this: Server, options: object, ...others: never[]): Server {
  return Reflect.apply(listen, this, [{ ...options, host: "127.0.0.1" }, ...others]);
} as typeof listen;

const folder = path.dirname(fileURLToPath(import.meta.resolve("fauxqs")));
const { INVALID_MESSAGE_BODY_CHAR: refused } = await import(path.join(folder, "sqs/sqsTypes.js"));
(refused as RegExp).test = (body) =>
  !/^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]*$/u.test(body);

await startFauxqs({ port: Number(port), dataDir: dataDir as string, logger: false });
