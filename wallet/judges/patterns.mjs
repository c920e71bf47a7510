// Drops the patterns of an OpenAPI document that are no regular expressions in
// Unicode mode: Prism stops validating bodies altogether, without a word, where
// it meets one. node patterns.mjs IN.json OUT.json prints how many it dropped.
import { readFileSync, writeFileSync } from 'node:fs';

const [from, to] = process.argv.slice(2);
let dropped = 0;
const doc = JSON.parse(readFileSync(from, 'utf8'), (_, value) => {
  if (value && typeof value === 'object' && typeof value.pattern === 'string') {
    try {
      new RegExp(value.pattern, 'u');
    } catch {
      delete value.pattern;
      dropped++;
    }
  }
  return value;
});
writeFileSync(to, JSON.stringify(doc));
console.log(dropped);
