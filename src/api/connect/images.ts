/** The pictures of the connect pages, all served by us. */
import { z } from "zod";
import { SystoleError } from "../../errors.ts";
import type { Provider } from "../../providers/provider.ts";
import { findLogo } from "../../store/brands.ts";
import { type Html, html } from "../html.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { usualColor } from "./colours.ts";

const tags = ["Connecting"];

export function imageRoutes(app: Api, { providers, store }: ApiServices): void {
  const icon = {
    tags,
    summary: "A provider's icon",
    params: z.object({ provider: z.string().max(64) }),
  };
  app.get("/connect/icons/:provider.svg", { schema: icon }, async (request, reply) => {
    const provider = providers.find(({ slug }) => slug === request.params.provider);
    if (provider === undefined)
      throw new SystoleError("PROVIDER_UNKNOWN", { provider: request.params.provider });
    return reply.type("image/svg+xml").header("cache-control", "max-age=86400").send(iconOf(provider).text);
  });

  app.get("/connect/mark.svg", { schema: { hide: true } }, async (_request, reply) =>
    reply.type("image/svg+xml").header("cache-control", "max-age=86400").send(mark),
  );

  const logo = {
    tags,
    summary: "A developer's logo",
    params: z.object({ hash: z.string().regex(/^[0-9a-f]{64}$/, "is no SHA-256 in hexadecimal") }),
  };
  app.get("/connect/logos/:hash", { schema: logo }, async (request, reply) => {
    const found = await findLogo(store.db, Buffer.from(request.params.hash, "hex"));
    if (found === null) throw new SystoleError("RESOURCE_NOT_FOUND");
    return reply
      .headers({
        "content-type": found.type,
        "cache-control": "public, max-age=31536000, immutable",
        "content-security-policy": "default-src 'none'; sandbox",
      })
      .send(found.content);
  });
}

/** The icon in the browser's tab, if the developer has no logo. */
const mark = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6" fill="none" stroke="${usualColor}" stroke-width="3"/></svg>
`;

/** No trademarked logo: the first letter of the name. */
function iconOf({ displayName }: Provider): Html {
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" role="img" aria-label="${displayName}">
<rect width="64" height="64" rx="14" fill="#b3123f"/>
<text x="32" y="44" fill="#fff" font-family="sans-serif" font-size="34" font-weight="700" text-anchor="middle">${displayName.charAt(0)}</text>
</svg>
`;
}
