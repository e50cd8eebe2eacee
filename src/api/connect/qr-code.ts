/** A QR code as an inline picture, drawn on the server: it works with scripts off and asks nobody. */
import encodeQR from "qr";
import { type Html, html } from "../html.ts";

/** Modules of white around the code, as the standard wants. */
const border = 4;

export function qrCode(text: string, label: string): Html {
  const rows = encodeQR(text, "raw", { ecc: "low", border });
  const size = rows.length;
  return html`<svg class="qr" role="img" aria-label="${label}" viewBox="0 -.5 ${size} ${size}" shape-rendering="crispEdges"><path fill="#fff" d="M0-.5h${size}v${size}H0z"/><path stroke="#000" d="${pathOf(rows)}"/></svg>
`;
}

/** Returns the dark runs of each row as lines, one unit wide. */
function pathOf(rows: readonly (readonly boolean[])[]): string {
  return rows.map((row, y) => lineOf(row, y)).join("");
}

function lineOf(row: readonly boolean[], y: number): string {
  let line = "";
  let end = 0;
  for (let x = 0; x < row.length; x++) {
    if (!row[x]) continue;
    let after = x;
    while (row[after]) after++;
    line += line === "" ? `M${x} ${y}h${after - x}` : `m${x - end} 0h${after - x}`;
    end = after;
    x = after;
  }
  return line;
}
