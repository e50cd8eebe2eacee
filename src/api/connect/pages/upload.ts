/** The page of somebody whose data is pushed: what to do for each way in, as the provider declares it. */
import {
  inLanguage,
  type Provider,
  type UploadAccess,
  type UploadGuide,
} from "../../../providers/provider.ts";
import { uploadAddresses } from "../../../providers/upload-addresses.ts";
import { type Html, html } from "../../html.ts";
import type { Page } from "../document.ts";
import type { Look } from "../look.ts";
import { qrCode } from "../qr-code.ts";
import { endOf } from "../share.ts";
import { uploadScript } from "../upload-script.ts";
import { brandRow } from "./parts.ts";

export interface UploadReady {
  readonly provider: Provider;
  readonly publicUrl: string;
  readonly token: string;
  /** The path of this page; what its forms and its script ask for is below it. */
  readonly path: string;
  /** The developer's address for what went well; null when they gave none. */
  readonly goOn: string | null;
  readonly hasArrived: boolean;
  /** The time zone that the person sent just now; null when they sent none. */
  readonly zone: { readonly zone: string; readonly isSaved: boolean } | null;
  /** The format of a file that was sent just now, without a script. */
  readonly sentFormat: string | null;
}

export function uploadPage(ready: UploadReady, look: Look): Page {
  const { provider, goOn } = ready;
  const { words, app } = look;
  const { upload } = words;
  return {
    title: upload.title(provider.displayName),
    script: uploadScript,
    isLive: true,
    leadsTo: [],
    body: html`${brandRow(look)}<div class="sign"></div>
<h1>${upload.title(provider.displayName)}</h1>
<p>${upload.lead}</p>
${statusOf(ready, look)}${waysOf(ready, look)}${zoneOf(ready, look)}${goOn === null ? "" : html`<p><a class="button" href="${goOn}">${upload.goOn(app)}</a></p>\n`}<div class="facts">
<h2>${words.share.endTitle}</h2>
<p>${endOf(provider, words, app)}</p>
</div>
`,
  };
}

/** Whether the first data has come: renewed by the script, or without scripts by a frame that loads itself again. */
function statusOf({ path, hasArrived }: UploadReady, { words: { upload } }: Look): Html {
  if (hasArrived) return html`<p role="status" class="came">${upload.arrived}</p>\n`;
  return html`<p role="status" class="live" data-check="${path}/first-data" data-arrived="${upload.arrived}">${upload.waiting}</p>
<noscript><iframe src="${path}/first-data/frame" title="${upload.waiting}"></iframe></noscript>
`;
}

/** The page in that frame. */
export const firstDataPage = ({ hasArrived }: { readonly hasArrived: boolean }, { words }: Look): Page => {
  const text = hasArrived ? words.upload.arrived : words.upload.waiting;
  return {
    title: text,
    reload: { afterSeconds: hasArrived ? null : 10 },
    body: html`<p role="status" class="${hasArrived ? "came" : "live"}">${text}</p>\n`,
  };
};

function waysOf(ready: UploadReady, look: Look): Html[] {
  const { provider, publicUrl, token } = ready;
  const header = ["Authorization", `Bearer ${token}`] as const;
  const ways = Object.entries(uploadAddresses(provider, publicUrl)).map(([format, url]) => ({
    format,
    guide: provider.uploads?.[format]?.guide,
    access: { url, token, header },
  }));
  const guided = ways.flatMap(({ format, guide, access }) =>
    guide === undefined ? [] : [wayOf(ready, { format, guide, access }, look)],
  );
  // A provider for developers only has its addresses shown instead.
  return guided.length > 0 ? guided : ways.map(({ format, access }) => rawWayOf(format, access, look));
}

interface Way {
  readonly format: string;
  readonly guide: UploadGuide;
  readonly access: UploadAccess;
}

function wayOf(ready: UploadReady, { format, guide, access }: Way, look: Look): Html {
  const { words, language } = look;
  const steps = guide.steps.map((step) => html`<li>${inLanguage(step, language)}</li>\n`);
  const links = (guide.links?.(access) ?? []).map(({ label, url }) => {
    const said = inLanguage(label, language);
    return html`<p><a class="button plain" href="${url}">${said}</a></p>
${qrCode(url, words.upload.code(said))}`;
  });
  return html`<section>
<h2>${inLanguage(guide.title, language)}</h2>
<ol>
${steps}</ol>
${links.length > 0 ? html`<p class="soft"><small>${words.upload.scan}</small></p>\n` : ""}${links}${guide.isEntered ? enteredOf(access, look) : ""}${guide.file === undefined ? "" : fileOf(ready, { format, file: guide.file, access }, look)}</section>
`;
}

const enteredOf = ({ url, header: [name, value] }: UploadAccess, { words: { upload } }: Look): Html =>
  html`<h3>${upload.address}</h3>
<pre><code>${url}</code></pre>
<h3>${upload.header}</h3>
<pre><code>${name}: ${value}</code></pre>
`;

const rawWayOf = (format: string, access: UploadAccess, look: Look): Html =>
  html`<section>
<h2>${look.words.upload.format(format)}</h2>
${enteredOf(access, look)}</section>
`;

interface FileWay {
  readonly format: string;
  readonly file: NonNullable<UploadGuide["file"]>;
  readonly access: UploadAccess;
}

function fileOf({ path, sentFormat }: UploadReady, { format, file, access }: FileWay, look: Look): Html {
  const { file: words } = look.words.upload;
  return html`<form method="post" enctype="multipart/form-data" action="${path}/files/${format}" data-url="${access.url}" data-header="${access.header[1]}" data-sending="${words.sending}" data-sent="${words.sent}" data-failed="${words.failed}">
<label class="field">${words.label}<input type="file" name="file" accept="${file.accept}" required></label>
<progress max="100" value="0" aria-label="${words.sending}" hidden></progress>
<p role="status" class="live">${sentFormat === format ? words.sent : ""}</p>
<button class="plain">${words.send}</button>
</form>
`;
}

/** A text field, which the script makes a list of the browser's own zones: four hundred names weigh as much as the page. */
function zoneOf({ provider: { connecting }, path, zone: said }: UploadReady, { words }: Look): Html | "" {
  if (connecting.kind !== "upload" || connecting.zone === undefined) return "";
  const { zone } = words.upload;
  return html`<section id="zone">
<h2>${zone.title}</h2>
<p>${zone.lead}</p>
<form method="post" action="${path}/zone">
<label class="field">${zone.label}<input type="text" name="zone" value="${said?.zone ?? ""}" placeholder="Europe/Berlin" maxlength="64" required autocomplete="off" spellcheck="false"></label>
<p role="status" class="live">${said === null ? "" : said.isSaved ? zone.saved(said.zone) : zone.unknown}</p>
<button class="plain">${zone.save}</button>
</form>
</section>
`;
}
