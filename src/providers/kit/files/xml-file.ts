/** Decodes TCX and GPX to plain objects: names in snake_case, attributes beside elements, every value a text. */
import { SaxesParser, type SaxesTagPlain } from "saxes";
import { decodeXmlText } from "./text-encoding.ts";
import { unpack, unreadable } from "./unpack.ts";
import { XmlTree } from "./xml-tree.ts";

/**
 * Reads a whole XML document. Refuses what is not well-formed, including half a file. Entities of a document type are
 * never expanded: a reference to one is an error.
 *
 * @param root the local name of the outermost element, as the file spells it
 * @throws ProviderError PROVIDER_BODY_INVALID, not to be tried again
 */
export function decodeXml(resource: string, root: string, body: Buffer): unknown {
  const bytes = unpack(resource, body);
  const tree = new XmlTree();
  let found: string | null = null;
  try {
    const parser = new SaxesParser<{ xmlns: false }>();
    parser.on("opentag", ({ name, attributes }: SaxesTagPlain) => {
      found ??= localName(name);
      tree.open(name, attributes);
    });
    parser.on("closetag", () => tree.close());
    parser.on("text", (text) => tree.text(text));
    parser.on("cdata", (text) => tree.text(text));
    // Trimmed, because an old export has white space before the XML declaration.
    parser.write(decodeXmlText(bytes).trim()).close();
  } catch (cause) {
    throw unreadable(resource, "not XML, or cut off", cause);
  }
  if (found !== root) throw unreadable(resource, `not ${root}`);
  return tree.root;
}

const localName = (name: string) => name.slice(name.indexOf(":") + 1);
