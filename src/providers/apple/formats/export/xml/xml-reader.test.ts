/** The reader has the events, faults and places of Saxes, whatever it reads and wherever chunks end. */
import fc from "fast-check";
import { SaxesParser } from "saxes";
import { describe, expect, it } from "vitest";
import { XmlReader } from "./xml-reader.ts";

type Event = readonly unknown[];

/** Returns what Saxes tells of a document, until its root is closed. */
function toldBySaxes(chunks: readonly string[], withTexts: boolean): Event[] {
  const told: Event[] = [];
  const parser = new SaxesParser<{ xmlns: false; position: false }>({ xmlns: false, position: false });
  let [depth, isOver] = [0, false];
  const tell = (...event: unknown[]) => {
    if (!isOver) told.push([...event, parser.position, parser.line]);
  };
  parser.on("opentag", ({ name, attributes }) => {
    tell("open", name, Object.entries(attributes));
    depth += 1;
  });
  parser.on("closetag", () => {
    tell("close");
    depth -= 1;
    isOver ||= depth === 0;
  });
  parser.on("error", () => tell("fault"));
  if (withTexts) parser.on("text", (text) => isOver || told.push(["text", text]));
  for (const chunk of chunks) {
    if (!isOver) parser.write(chunk.replace(/[^\t\n\r\x20-\ufffd]/g, " "));
    told.push(["chunk", parser.line]);
  }
  return told;
}

function toldByReader(chunks: readonly string[], withTexts: boolean): Event[] {
  const told: Event[] = [];
  const tell = (...event: unknown[]) => told.push([...event, reader.position, reader.line]);
  const reader: XmlReader = new XmlReader({
    open: (name, attributes) => tell("open", name, Object.entries(attributes)),
    close: () => tell("close"),
    fault: () => tell("fault"),
    ...(withTexts && { text: (text: string) => told.push(["text", text]) }),
  });
  for (const chunk of chunks) {
    if (!reader.isOver) reader.write(chunk);
    told.push(["chunk", reader.line]);
  }
  return told;
}

const name = fc.constantFrom("Record", "MetadataEntry", "Workout", "a", "x:y", "é");
const attributeName = fc.constantFrom("type", "value", "key", "sourceName", "__proto__", "HKType");
const words = fc.constantFrom(
  "1",
  "HKQuantityType",
  "é’s Watch",
  "&lt;&lt;HKDevice&gt;",
  "&amp;amp;",
  " ",
  ",",
  "😀",
);
const value = fc.array(words, { maxLength: 4 }).map((all) => all.join(""));
const attributes = fc
  .uniqueArray(fc.tuple(attributeName, value), { maxLength: 5, selector: ([key]) => key })
  .map((all) => all.map(([key, said]) => ` ${key}="${said}"`).join(""));
const space = fc.constantFrom("", "\n ", " ", "\n", "text", "a &gt; b");

const { element } = fc.letrec<{ element: string }>((tie) => ({
  element: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.tuple(name, attributes).map(([tag, said]) => `<${tag}${said}/>`),
    fc
      .tuple(name, attributes, fc.array(fc.tuple(space, tie("element")), { maxLength: 4 }), space)
      .map(([tag, said, inner, last]) => `<${tag}${said}>${inner.flat().join("")}${last}</${tag}>`),
  ),
}));
const document = fc
  .array(fc.tuple(element, space), { maxLength: 8 })
  .map((all) => `<HealthData locale="de">${all.flat().join("")}</HealthData>\n`);

/** Texts that make a document unusual or wrong, wherever they are put. */
const oddities = [
  ...[
    "<!-- a > b -->",
    "<![CDATA[<a>]]>",
    "<?php ?>",
    "&#10;",
    "&bogus;",
    "&lt",
    "&",
    "<",
    ">",
    "]]>",
    "'",
    '"',
    "=",
  ],
  ...[
    "\r",
    "\r\n",
    "\t",
    "\n",
    "\u000b",
    "\uffff",
    "\u0085",
    " ",
    "/",
    "</",
    "</b>",
    "</Record>",
    "</>",
    "/>",
  ],
  ...[
    "<a b='c'/>",
    '<a b = "c"/>',
    "<a b=c>",
    '<a b="1" b="2"/>',
    ' b="2"',
    "<!DOCTYPE a>",
    "</HealthData>",
    "é",
    "-",
  ],
];

const plain =
  '<HealthData locale="de"><Record b="1" type="a &lt;b&gt; é"><Entry key="" b="&amp;"/>\n</Record> x &quot; ]y\n' +
  '<Record type="2"/>\n<Workout><a:b-c><d _e.1="f"></d></a:b-c></Workout>\n</HealthData>\n';
/** The root's own tag stays: the text before it is skipped by its name. */
const afterRoot = 12;

/** Cuts a text at places from 0 to 1. */
function cut(text: string, places: readonly number[]): string[] {
  const ends = places
    .map((place) => Math.min(text.length, Math.max(0, Math.floor(place * text.length))))
    .toSorted((one, other) => one - other);
  const chunks = [...ends, text.length].map((end, index) => text.slice(ends[index - 1] ?? 0, end));
  // The decoder of UTF-8 never divides a character.
  return chunks.every((chunk) => !/[\ud800-\udbff]$/.test(chunk)) ? chunks.filter(Boolean) : [text];
}

const places = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 });

describe("the reader of XML", () => {
  const compare = (text: string, at: readonly number[], withTexts: boolean) => {
    const chunks = cut(text, at);
    expect(toldByReader(chunks, withTexts)).toEqual(toldBySaxes(chunks, withTexts));
  };

  it("tells what Saxes tells of a document without faults", () => {
    fc.assert(fc.property(document, places, fc.boolean(), compare), { numRuns: 500 });
  });

  it.each(oddities)("tells what Saxes tells of a document that has %j somewhere", (odd) => {
    for (let at = afterRoot; at < plain.length; at += 1) {
      for (const left of [0, 1, odd.length]) {
        const text = plain.slice(0, at) + odd + plain.slice(at + left);
        // Ends of chunks at all distances from what is odd, and all of it in one chunk.
        const end = ((at * 7 + left * 3) % 40) - 20 + at;
        compare(text, at % 3 === 0 ? [] : [end / text.length, (end + 15) / text.length], at % 2 === 0);
      }
    }
  });

  it("reads the rest of a document itself after something unusual", () => {
    const usual = "<a/>\n".repeat(10);
    const chunks = ["<HealthData>", `<!-- odd -->${usual}`, usual, "</HealthData>"];
    expect(toldByReader(chunks, false)).toEqual(toldBySaxes(chunks, false));
  });

  it("gives a tag without an end to Saxes", () => {
    const chunks = [
      '<HealthData><a b="',
      ...Array.from({ length: 100 }, () => "x".repeat(1_000)),
      '"/></HealthData>',
    ];
    expect(toldByReader(chunks, false)).toEqual(toldBySaxes(chunks, false));
  });
});
