/** The words of the connect pages in every language there is. */
import type { Language } from "../../../providers/provider.ts";
import { de } from "./de.ts";
import { en, type Words } from "./en.ts";
import { es } from "./es.ts";
import { fi } from "./fi.ts";
import { fr } from "./fr.ts";
import { it } from "./it.ts";
import { ja } from "./ja.ts";
import { nl } from "./nl.ts";
import { pt } from "./pt.ts";
import { sv } from "./sv.ts";

export const catalogue: Readonly<Record<Language, Words>> = { en, de, fr, es, it, pt, nl, fi, sv, ja };
