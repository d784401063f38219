// Builds static/vendor/ui.js, the one bundle of other people's code, with its licences and the VENDORED list.
// Run by hand after a change of versions: `npm ci && node build-vendor.mjs`. The result is committed, never edited.
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { build } from "esbuild";

const PACKAGES = ["preact", "@preact/signals", "@preact/signals-core", "htm"];
const ENTRY = `
export { h, render, options, Fragment } from "preact";
export { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
export { batch, computed, effect, signal } from "@preact/signals";
import { h } from "preact";
import htm from "htm";
export const html = htm.bind(h);
`;
const here = new URL("./", import.meta.url);

async function bundleUi() {
  const built = await build({
    stdin: { contents: ENTRY, resolveDir: here.pathname, loader: "js" },
    bundle: true,
    format: "esm",
    minify: true,
    write: false,
    legalComments: "none",
    target: ["chrome86", "safari13"],
    // esbuild counts Safari 13's parameter scope quirk as "no destructuring"; the bundled code does not meet it
    supported: { destructuring: true },
  });
  return built.outputFiles[0].contents;
}

async function readPackage(name) {
  const folder = new URL(`node_modules/${name}/`, here);
  const { version, license } = JSON.parse(await readFile(new URL("package.json", folder), "utf8"));
  for (const file of ["LICENSE", "LICENSE.md", "License.md"]) {
    const text = await readFile(new URL(file, folder), "utf8").catch(() => null);
    if (text) return { name, version, license, text };
  }
  throw new Error(`${name} carries no licence text`);
}

const vendor = new URL("static/vendor/", here);
await mkdir(vendor, { recursive: true });
const ui = await bundleUi();
const packages = await Promise.all(PACKAGES.map(readPackage));
const licences = packages.map(
  ({ name, version, license, text }) => `${name} ${version} (${license})\n\n${text.trim()}\n`,
);
const licenceText = `${licences.join("\n----------------------------------------\n\n")}`;
await writeFile(new URL("ui.js", vendor), ui);
await writeFile(new URL("LICENSES.txt", vendor), licenceText);

const sha = (content) => createHash("sha256").update(content).digest("hex");
const listed = {
  files: { "ui.js": sha(ui), "LICENSES.txt": sha(licenceText) },
  packages: packages.map(({ name, version, license }) => ({ name, version, licence: license })),
};
await writeFile(new URL("VENDORED.json", vendor), `${JSON.stringify(listed, null, 2)}\n`);
process.stdout.write(`ui.js ${ui.length} bytes\n`);
