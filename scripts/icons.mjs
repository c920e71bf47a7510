// Makes assets/icons from the npm packages lucide-static (ISC) and svgpath, for a renderer that knows only
// absolute curves: arcs become curves, shorthands are written out, rectangles get ry beside rx.
// Colour stays currentColor and the stroke width 2; whoever draws an icon replaces both.
//
//   npm install --prefix "$TMP" lucide-static@1.62.0 svgpath@2.6.0
//   MODS="$TMP/node_modules/" node scripts/icons.mjs
import fs from 'node:fs';
import path from 'node:path';
import {createRequire} from 'node:module';
import {fileURLToPath} from 'node:url';

const require = createRequire(process.env.MODS || import.meta.url);
const svgpath = require('svgpath');
const pkg = path.dirname(require.resolve('lucide-static/package.json'));
const out = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', 'assets', 'icons');
const names = fs.readFileSync(path.join(out, 'names.txt'), 'utf8').split(/\s+/).filter(Boolean);

for (const old of fs.readdirSync(out)) if (old.endsWith('.svg')) fs.rmSync(path.join(out, old));
for (const name of names) {
  const src = fs.readFileSync(path.join(pkg, 'icons', name + '.svg'), 'utf8').replace(/<!--[\s\S]*?-->/g, '');
  let shapes = '';
  for (const [, tag, attrs] of src.matchAll(/<(path|circle|ellipse|rect|line|polyline|polygon)\b([^>]*?)\/?>/g)) {
    const a = Object.fromEntries([...attrs.matchAll(/([\w-]+)="([^"]*)"/g)].map(m => [m[1], m[2]]));
    delete a.class; delete a.key;
    if (a.d) a.d = svgpath(a.d).unshort().unarc().abs().round(3).toString();
    if (tag === 'rect' && a.rx && !a.ry) a.ry = a.rx;
    if (tag === 'rect' && a.ry && !a.rx) a.rx = a.ry;
    shapes += `<${tag} ${Object.entries(a).map(([k, v]) => `${k}="${v}"`).join(' ')}/>`;
  }
  if (!shapes) throw new Error('no shapes in ' + name);
  fs.writeFileSync(path.join(out, name + '.svg'),
    '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="currentColor" ' +
    `stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${shapes}</svg>\n`);
}
fs.copyFileSync(path.join(pkg, 'LICENSE'), path.join(out, 'LICENSE'));
console.log(names.length + ' icons');
