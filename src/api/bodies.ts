/** Parses request bodies: JSON, or none, whatever content type an empty body has. */
import type { FastifyInstance } from "fastify";
import { SystoleError } from "../errors.ts";
import { fieldInvalid } from "./field-invalid.ts";
import { deepestJson, isNestedDeeper } from "./json-depth.ts";

export function useBodyParsers(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser("error", "error");
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "string" }, (request, text, done) => {
    const body = String(text);
    // Terra's Java client sends an empty body and calls it JSON.
    if (body.trim() === "") return done(null, undefined);
    if (isNestedDeeper(body, deepestJson)) return done(tooDeep());
    parseJson(request, body, (error, value) =>
      error ? done(new SystoleError("REQUEST_BODY_NOT_JSON", { reason: error.message })) : done(null, value),
    );
  });
  app.addContentTypeParser("*", { parseAs: "string" }, (request, text, done) => {
    if (String(text) === "") return done(null, undefined);
    done(
      new SystoleError("REQUEST_MEDIA_TYPE_UNSUPPORTED", { content_type: request.headers["content-type"] }),
    );
  });
}

const tooDeep = (): SystoleError =>
  fieldInvalid("body", "", `is nested more than ${deepestJson} levels deep`);
