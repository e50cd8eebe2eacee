/** `POST /connect/{session}/{provider}/files/{format}`: the form that sends a file with scripts off. */
import multipart from "@fastify/multipart";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { SystoleError } from "../../errors.ts";
import { isFile } from "../../providers/provider.ts";
import { allowUpload } from "../connection-limits.ts";
import { asSystoleError } from "../errors.ts";
import { type FileSender, receiveFile } from "../files/receive-file.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { providerParams } from "./params.ts";
import { type OpenUpload, openUpload, sendUploadPage } from "./uploads.ts";

/** The form has one field, which is the file; browsers add none. */
const limits = { files: 1, fields: 4, fieldSize: 1_024, parts: 5, headerPairs: 20 };

export function fileFormRoute(app: Api, services: ApiServices): void {
  const schema = {
    tags: ["Connecting"],
    summary: "Takes a file from the page's form, and leads back to the page",
    description: "One file, as `multipart/form-data`. It is read after the answer.",
    consumes: ["multipart/form-data"],
    params: providerParams.extend({ format: z.string().max(64) }),
  };
  app.register(async (scope: Api) => {
    scope.register(multipart, { limits });
    scope.post("/connect/:session/:provider/files/:format", { schema }, async (request, reply) => {
      const open = await openUpload(services, request);
      allowUpload(request.raw);
      const sender = senderOf(open, request.params.format);
      try {
        const uploadId = await receiveFile(services.store, sender, fileIn(request, sender));
        return reply.redirect(
          `/connect/${open.link}/${open.provider.slug}?upload=${uploadId}#file-${sender.name}`,
          303,
        );
      } catch (thrown) {
        // Browsers read the answer after they have sent everything: what still comes is thrown away.
        request.raw.unpipe().resume();
        const { status, code } = asSystoleError(thrown);
        if (status >= 500) throw thrown;
        request.log.info({ code, provider: open.provider.slug, format: sender.name }, "file not taken");
        const refused = { format: sender.name, status, code };
        return sendUploadPage(services, request, reply, { open, refused });
      }
    });
  });
}

/** @throws SystoleError UPLOAD_FORMAT_UNKNOWN */
function senderOf({ connection, provider }: OpenUpload, name: string): FileSender {
  const { uploads = {} } = provider;
  const format = Object.hasOwn(uploads, name) ? uploads[name] : undefined;
  if (format === undefined || !isFile(format)) {
    throw new SystoleError("UPLOAD_FORMAT_UNKNOWN", { provider: provider.slug, format: name });
  }
  return { connection, name, format };
}

/** Yields the bytes of the form's one file. @throws SystoleError UPLOAD_FILE_MISSING, UPLOAD_TOO_LARGE, UPLOAD_BODY_INVALID */
async function* fileIn(request: FastifyRequest, { format }: FileSender): AsyncGenerator<Buffer> {
  if (!request.isMultipart()) throw new SystoleError("UPLOAD_FILE_MISSING");
  let isEmpty = true;
  try {
    for await (const part of request.parts({ limits: { fileSize: format.maxBytes } })) {
      if (part.type !== "file") continue;
      for await (const chunk of part.file) {
        isEmpty = false;
        // The library itself says so only after the whole form.
        if (part.file.truncated) throw tooLarge(format);
        yield chunk as Buffer;
      }
    }
  } catch (thrown) {
    throw thrown instanceof SystoleError ? thrown : refusalOf(thrown);
  }
  if (isEmpty) throw new SystoleError("UPLOAD_FILE_MISSING");
}

const tooLarge = ({ maxBytes }: FileSender["format"]): SystoleError =>
  new SystoleError("UPLOAD_TOO_LARGE", { limit_bytes: maxBytes });

function refusalOf(cause: unknown): SystoleError {
  const { code, message } = cause as { readonly code?: string; readonly message?: string };
  if (code === "FST_FILES_LIMIT") return new SystoleError("UPLOAD_FILE_MISSING", {}, { cause });
  return new SystoleError("UPLOAD_BODY_INVALID", { reason: message ?? "not a form" }, { cause });
}
