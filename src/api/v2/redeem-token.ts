/** `POST /v2/auth/redeemToken`: an app exchanges the token of its developer's server for a connection. */
import { z } from "zod";
import { uploadAddress, uploadAddresses } from "../../providers/upload-addresses.ts";
import { header } from "../auth.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";

const body = z.object({
  token: z.string().min(1).max(256).describe("Of `POST /v2/auth/generateAuthToken`; it works once"),
  provider: z.string().min(1).max(64).describe("One of `sdk_providers` of `GET /v2/integrations`"),
});

const answer = z.object({
  status: z.literal("success"),
  user_id: z.string(),
  upload_token: z.string().describe("Shown only this once. Send it as `Authorization: Bearer …`"),
  upload_url: z.string().describe("The address of the provider's first upload format"),
  upload_urls: z.record(z.string(), z.string()).describe("The address of each upload format"),
});

export function redeemTokenRoute(app: Api, { authorization, publicUrl }: ApiServices): void {
  const schema = {
    tags: ["Authentication"],
    summary: "Redeem a token: connect a person whose app pushes their data",
    description:
      "Called by the app itself, without an API key. A `dev-id` header is optional; with it, the token must be of that environment.",
    security: [],
    body,
    response: { 200: answer },
  };
  app.post("/v2/auth/redeemToken", { schema }, async (request, reply) => {
    const { token, provider: providerSlugOrName } = request.body;
    const devId = header(request, "dev-id");
    const redeemed = await authorization.redeemToken({ token, providerSlugOrName, devId });
    return reply.header("cache-control", "no-store").send({
      status: "success" as const,
      user_id: redeemed.userId,
      upload_token: redeemed.uploadToken,
      upload_url: uploadAddress(redeemed.provider, publicUrl),
      upload_urls: uploadAddresses(redeemed.provider, publicUrl),
    });
  });
}
