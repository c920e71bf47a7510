// bench.mjs measures how long two encoders that nobody here wrote take for a
// receipt and a picture, and prints JSON: bytes, and microseconds of processor
// time each as the median of 15 batches.
//
//   node bench.mjs WORK.json
//
// WORK.json holds the laid-out lines, and logo and photo as grey pixels in
// base64 with their width. Chinese goes into receipt-printer-encoder as bytes,
// since it has none of its own; ReceiptLine lays lines out by itself and is
// given the same ones.
import fs from 'node:fs';
import iconv from 'iconv-lite';
import { PNG } from 'pngjs';
import receiptline from 'receiptline';
import Encoder from '@point-of-sale/receipt-printer-encoder';

const work = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));

function pixels({ width, grey }) {
  const g = Buffer.from(grey, 'base64');
  const data = new Uint8ClampedArray(g.length * 4);
  g.forEach((v, i) => { data.fill(v, i * 4, i * 4 + 3); data[i * 4 + 3] = 255; });
  return { width, height: g.length / width, data };
}
const logo = pixels(work.logo);
const photo = pixels(work.photo);
function base64({ width, height, data }) {
  const p = new PNG({ width, height });
  p.data = Buffer.from(data);
  return PNG.sync.write(p).toString('base64');
}
const logoPNG = base64(logo);

function chained(full) {
  const e = new Encoder({ language: 'esc-pos', columns: 48, codepageMapping: 'epson', imageMode: 'raster', feedBeforeCut: 4 });
  e.initialize();
  if (full) e.align('center').image(logo, logo.width, logo.height, 'floydsteinberg').align('left');
  for (const l of work.lines) {
    if (l.align) e.align(l.align);
    if (l.bold) e.bold(true);
    if (l.wide > 1 || l.high > 1) e.size(l.wide, l.high);
    e.raw([0x1c, 0x26, ...iconv.encode(l.text, 'gb18030')]).newline();
    if (l.wide > 1 || l.high > 1) e.size(1, 1);
    if (l.bold) e.bold(false);
    if (l.align) e.align('left');
  }
  if (full) e.align('center').qrcode(work.qr, { model: 2, size: 6, errorlevel: 'm' }).align('left').pulse(0, 100, 500);
  e.cut('partial');
  return Buffer.from(e.encode());
}

const quote = (s) => s.replace(/[\\|{}~_"`^]/g, (c) => '\\' + c);
function markup(full) {
  const d = full ? [`{image:${logoPNG}}`] : [];
  for (const l of work.lines) {
    const mark = (l.wide > 1 ? '^^^' : l.high > 1 ? '^^' : '') + (l.bold ? '"' : '');
    d.push(l.rule ? '---' : l.align ? mark + quote(l.text) : `|${mark}${quote(l.text)}`);
  }
  if (full) d.push(`{code:${work.qr};option:qrcode,6,m}`, '{command:\\x1bp\\x00\\x32\\xfa}');
  return Buffer.from(receiptline.transform(d.join('\n'), { cpl: 48, encoding: 'gb18030', command: 'escpos' }), 'binary');
}

const dithered = () => new Encoder({ language: 'esc-pos', columns: 48, imageMode: 'raster' }).initialize()
  .image(photo, photo.width, photo.height, 'floydsteinberg').encode();

function measure(f) {
  const now = () => { const u = process.cpuUsage(); return u.user + u.system; };
  let begun = now();
  let n = 0;
  while (now() - begun < 3e5) { f(); n++; }
  const batch = Math.max(1, Math.round(n / 6));
  const took = [];
  for (let i = 0; i < 15; i++) {
    begun = now();
    for (let k = 0; k < batch; k++) f();
    took.push((now() - begun) / batch);
  }
  took.sort((a, b) => a - b);
  return { bytes: f().length, us: took[7] };
}

console.log(JSON.stringify({
  'receipt-printer-encoder text': measure(() => chained(false)),
  'receipt-printer-encoder full': measure(() => chained(true)),
  'receiptline text': measure(() => markup(false)),
  'receiptline full': measure(() => markup(true)),
  'receipt-printer-encoder photo': measure(dithered),
}));
