import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { mantineStyles } from "./mantine-styles.ts";
import { precompress } from "./precompress.ts";

/** A running Systole, for `npm run dev`: the pages are ours, everything else is asked there. */
const target = process.env.SYSTOLE ?? "http://127.0.0.1:8080";
const served = Object.fromEntries(
  ["/admin", "/v2", "/docs"].map((path) => [
    path,
    { target, changeOrigin: true, headers: { origin: target } },
  ]),
);

export default defineConfig({
  root: import.meta.dirname,
  base: "/dashboard/",
  plugins: [react(), mantineStyles(), precompress()],
  server: { proxy: served },
  build: {
    target: "es2023",
    // `light-dark()` is left to the browser: lowered, it would not follow the choice of colours made in the page.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    // Scripts and styles in the page itself would need a weaker Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // The texts of the licences of what is in the build; the bill of materials is made of it.
    license: { fileName: "licences.json" },
  },
});
