/** The Fastify instance of a sandbox. */
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyServerOptions,
} from "fastify";
import { ControlRefusal } from "./control.ts";

/** Returns an instance whose bodies stay bytes, because they are served again exactly as they were put. */
export function sandboxApp(options: FastifyServerOptions = {}): FastifyInstance {
  const app = Fastify({ logger: false, forceCloseConnections: true, exposeHeadRoutes: false, ...options });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  return app;
}

/** Answers an error that is not one of the provider's own, with `{"error": …}`. */
export const sendControlError = (reply: FastifyReply, error: FastifyError | ControlRefusal): FastifyReply =>
  reply
    .code(error instanceof ControlRefusal ? error.status : (error.statusCode ?? 500))
    .send({ error: error.message });
