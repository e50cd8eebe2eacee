/** The parts that several connect pages share. */
import type { Provider } from "../../../providers/provider.ts";
import { type Html, html } from "../../html.ts";
import type { Look } from "../look.ts";

/** The developer's logo and name, at the top. */
export function brandRow({ app, logo }: Look): Html | "" {
  if (app === null && logo === null) return "";
  const mark = logo === null ? badge(app ?? "") : html`<img src="${logo}" alt="">`;
  return html`<div class="brand">${mark}${app === null ? "" : html`<span>${app}</span>`}</div>
`;
}

/** The developer and the provider, side by side. */
export function pairOf({ app, logo }: Look, { displayName }: Provider): Html {
  const developer = logo !== null ? html`<img src="${logo}" alt="">` : app === null ? "" : badge(app);
  const wire = developer === "" ? "" : html`<span class="wire"></span>`;
  return html`<div class="pair" aria-hidden="true">${badge(displayName)}${wire}${developer}</div>
`;
}

/** No trademarked logo: the first letter of the name. */
export const badge = (name: string): Html =>
  html`<span class="badge" aria-hidden="true">${[...name][0]?.toUpperCase() ?? ""}</span>`;

/** The error code for support, in small type below the explanation. */
export const codeLine = ({ words }: Look, code: string, traceId: string | null = null): Html =>
  html`<p class="code">${words.code}: <code>${code}</code>${traceId === null ? "" : html`<br><code>${traceId}</code>`}</p>
`;

export const retryButton = ({ words, retry }: Look): Html | "" =>
  retry === null ? "" : html`<p><a class="button" href="${retry}">${words.retry}</a></p>\n`;
