// Reads a document again and again: node read.mjs json|text|yaml FILE TURNS MODULE; text is JSON that is decoded already. Prints the median of CPU ms, and the peak MB.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [kind, file, turns, module] = process.argv.slice(2);
const yaml = kind === "yaml" ? createRequire(import.meta.url)(module) : null;
const bytes = readFileSync(file), text = bytes.toString("utf8");
const times = [];
for (let i = 0; i < Number(turns); i++) {
  const before = process.cpuUsage();
  if (yaml) yaml.load(text);
  else if (kind === "json") JSON.parse(bytes.toString("utf8"));
  else JSON.parse(text);
  const used = process.cpuUsage(before);
  times.push((used.user + used.system) / 1000);
}
times.sort((a, b) => a - b);
console.log(`cpu ${times[times.length >> 1].toFixed(1)} peak ${(process.resourceUsage().maxRSS / 1024).toFixed(1)}`);
