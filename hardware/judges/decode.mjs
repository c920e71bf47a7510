// decode.mjs reads a printer's bytes back with npos and prints, as JSON, the
// text, how many bytes were high outside Chinese mode, and the pictures and QR
// codes as PNG files, whose names it gives in order.
//
//   node decode.mjs FILE.bin FOLDER
//
// A command that npos does not know is an error. Two are added to it: GS ( k,
// which is younger than npos, and GS ( D.
import fs from 'node:fs';
import path from 'node:path';
import npos from 'npos';
import iconv from 'iconv-lite';
import { PNG } from 'pngjs';
import receiptline from 'receiptline';

npos.rules[npos.symbols.GS]['(k'] = [0, 'd16'];
npos.rules[npos.symbols.GS]['(D'] = [0, 'd16'];

const [file, folder] = process.argv.slice(2);
const raw = fs.readFileSync(file);
const tree = npos.parser(npos.rules).analyze(raw);
if (tree.error) throw new Error(String(tree.error));

const pictures = [];
function png(width, height, scale, edge, black) {
  const p = new PNG({ width: (width + 2 * edge) * scale, height: (height + 2 * edge) * scale });
  p.data.fill(255);
  for (let y = 0; y < height * scale; y++) {
    for (let x = 0; x < width * scale; x++) {
      if (!black(Math.floor(x / scale), Math.floor(y / scale))) continue;
      const at = ((y + edge * scale) * p.width + x + edge * scale) * 4;
      p.data.fill(0, at, at + 3);
    }
  }
  const name = path.join(folder, `${pictures.length}.png`);
  fs.writeFileSync(name, PNG.sync.write(p));
  pictures.push(name);
}

let chinese = false;
let text = '';
let stray = 0;
let covered = 0;
const code = {};
for (const node of tree.tree) {
  const b = raw.subarray(node.offset, node.offset + node.length);
  covered += node.length;
  const name = `${node.ascii} ${node.fn || ''}`.trim();
  if (node.ascii === 'STX') { // so npos calls text
    if (!chinese) stray += b.filter((c) => c >= 0x80).length;
    text += iconv.decode(Buffer.from(b), chinese ? 'gb18030' : 'cp437');
  } else if (name === 'FS &') {
    chinese = true;
  } else if (name === 'FS .' || name === 'ESC @') {
    chinese = false;
  } else if (name === 'GS v0') {
    const stride = b[4] | b[5] << 8;
    png(stride * 8, b[6] | b[7] << 8, 1, 0, (x, y) => b[8 + y * stride + (x >> 3)] >> (7 - (x & 7)) & 1);
  } else if (name === 'GS (k' && b[5] === 0x31) {
    const end = 5 + (b[3] | b[4] << 8);
    if (b[6] === 67) code.cell = b[7];
    if (b[6] === 69) code.level = 'lmqh'[b[7] - 48];
    if (b[6] === 80) code.data = Buffer.from(b.subarray(8, end)).toString('latin1');
    if (b[6] === 81) {
      const m = receiptline.qrcode.generate({ data: code.data, level: code.level });
      png(m.length, m.length, code.cell, 4, (x, y) => m[y][x]);
    }
  }
}
console.log(JSON.stringify({ text: text.replace(/\r/g, ''), stray, bytes: raw.length, covered, pictures }));
