// encode.mjs prints, as JSON of hexadecimal by name, what receipt-printer-encoder
// makes of the parts of a slip, in ESC/POS and in StarPRNT, and of StarPRNT's
// pictures and cuts, which it makes in other ways, what ReceiptLine does.
//
//   node encode.mjs
import { PNG } from 'pngjs';
import receiptline from 'receiptline';
import Encoder from '@point-of-sale/receipt-printer-encoder';

const payload = 'https://example.com/r/1';
// A picture of 16 x 8 with dots in two of its corners.
const dots = { width: 16, height: 8, data: new Uint8ClampedArray(16 * 8 * 4).fill(255) };
for (const at of [0, 16 * 8 - 1]) dots.data.fill(0, at * 4, at * 4 + 3);

const out = {};
for (const language of ['esc-pos', 'star-prnt']) {
  const make = (name, f) => {
    const e = new Encoder({ language, columns: 48, imageMode: 'raster', feedBeforeCut: 0 });
    f(e);
    out[`${language} ${name}`] = Buffer.from(e.encode()).toString('hex');
  };
  make('qr', (e) => e.qrcode(payload, { model: 2, size: 8, errorlevel: 'm' }));
  make('ean13', (e) => e.barcode('6901234567892', 'ean13', { width: 2, height: 72, text: false }));
  make('code128', (e) => e.barcode('{BGT1000128', 'code128', { width: 2, height: 72, text: false }));
  make('raster', (e) => e.image(dots, 16, 8, 'threshold'));
  make('pulse2', (e) => e.pulse(0, 100, 500));
  make('pulse5', (e) => e.pulse(1, 100, 500));
  make('partial', (e) => e.cut('partial'));
  make('full', (e) => e.cut('full'));
}
const picture = new PNG({ width: dots.width, height: dots.height });
picture.data = Buffer.from(dots.data);
const star = receiptline.transform(`{image:${PNG.sync.write(picture).toString('base64')}}`,
  { cpl: 48, encoding: 'gb18030', command: 'starmbcs2', gradient: false, cutting: true });
out['receiptline star'] = Buffer.from(star, 'binary').toString('hex');
console.log(JSON.stringify(out));
