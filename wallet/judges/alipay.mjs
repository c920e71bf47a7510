// The official SDK of Alipay for Node, at the counter of the simulator: its
// requests must be understood, and its own check of every answer's signature
// (validateSign) must pass. JUDGED is the gateway and the shop's credentials.
import assert from 'node:assert/strict';
import { AlipaySdk } from 'alipay-sdk';
import { act, finish } from './customer.mjs';

const { gateway, fields } = JSON.parse(process.env.JUDGED);
const config = { appId: fields.app_id, privateKey: fields.private_key, gateway, keyType: 'PKCS1' };
if (fields.app_cert) {
  config.appCertContent = fields.app_cert;
  config.alipayPublicCertContent = fields.alipay_public_cert;
  config.alipayRootCertContent = fields.alipay_root_cert;
} else {
  config.alipayPublicKey = fields.alipay_public_key;
}
const sdk = new AlipaySdk(config);

let checks = 0;
const ask = (method, bizContent, shop = sdk) => shop.exec(method, { bizContent }, { validateSign: true });
function check(got, want) {
  for (const [name, value] of Object.entries(want)) {
    assert.equal(got[name], value, `${name} of ${JSON.stringify(got)}`);
    checks++;
  }
  return got;
}
const order = (number) => ({ outTradeNo: number, totalAmount: '12.50', subject: '街角便利店 "1 号"', timeoutExpress: '5m' });
const query = (number) => ask('alipay.trade.query', { outTradeNo: number });

// A code that the shop shows.
const made = check(await ask('alipay.trade.precreate', order('N1')), { code: '10000', outTradeNo: 'N1' });
assert.match(made.qrCode, /^https:\/\/qr\.alipay\.com\//);
check(await query('N1'), { code: '40004', subCode: 'ACQ.TRADE_NOT_EXIST' });
await act('scan', 'N1');
check(await query('N1'), { code: '10000', tradeStatus: 'WAIT_BUYER_PAY', totalAmount: '12.50' });
await act('capture', 'N1');
const paid = check(await query('N1'), { tradeStatus: 'TRADE_SUCCESS', totalAmount: '12.50', outTradeNo: 'N1' });
assert.match(paid.tradeNo, /^\d{28}$/);
check(await ask('alipay.trade.precreate', { ...order('N1'), totalAmount: '12.51' }), { subCode: 'ACQ.CONTEXT_INCONSISTENT' });
check(await ask('alipay.trade.precreate', order('N1')), { subCode: 'ACQ.TRADE_HAS_SUCCESS' });

// A code that the customer shows.
const pay = async (number, purse) => {
  const { code } = await act('code', number, { purse });
  return ask('alipay.trade.pay', { ...order(number), scene: 'bar_code', authCode: code });
};
check(await pay('N2', {}), { code: '10000', totalAmount: '12.50', outTradeNo: 'N2' });
check(await pay('N3', { Password: true }), { code: '10003' });
check(await pay('N4', { Balance: 1 }), { code: '40004', subCode: 'ACQ.BUYER_BALANCE_NOT_ENOUGH' });
check(await pay('N5', { Expired: true }), { subCode: 'ACQ.PAYMENT_AUTH_CODE_INVALID' });
check(await pay('N6', { Blocked: true }), { subCode: 'ACQ.BUYER_ENABLE_STATUS_FORBID' });

// Cancelling.
const cancel = (number) => ask('alipay.trade.cancel', { outTradeNo: number });
check(await cancel('N3'), { code: '10000', action: 'close', retryFlag: 'N' });
check(await query('N3'), { tradeStatus: 'TRADE_CLOSED', sendPayDate: undefined });
check(await cancel('N2'), { action: 'refund' });
check(await query('N2'), { tradeStatus: 'TRADE_CLOSED' });
check(await cancel('N9'), { code: '10000', action: undefined });

// Giving back.
const refund = (request, amount) => ask('alipay.trade.refund', { outTradeNo: 'N1', outRequestNo: request, refundAmount: amount });
check(await refund('F1', '3.00'), { code: '10000', fundChange: 'Y', refundFee: '3.00' });
check(await refund('F1', '3.00'), { code: '10000', fundChange: 'N', refundFee: '3.00' });
check(await refund('F2', '9.51'), { subCode: 'ACQ.REFUND_FEE_ERROR' });
check(await ask('alipay.trade.fastpay.refund.query', { outTradeNo: 'N1', outRequestNo: 'F1' }),
  { code: '10000', refundStatus: 'REFUND_SUCCESS', refundAmount: '3.00' });
check(await ask('alipay.trade.fastpay.refund.query', { outTradeNo: 'N1', outRequestNo: 'F9' }), { code: '10000', refundStatus: undefined });

// The bill of the day.
const day = new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10);
const bill = check(await ask('alipay.data.dataservice.bill.downloadurl.query', { billType: 'trade', billDate: day }), { code: '10000' });
const zip = Buffer.from(await (await fetch(bill.billDownloadUrl)).arrayBuffer());
assert.equal(zip.subarray(0, 2).toString(), 'PK');

// What the gateway must turn away: another key, a body without its needs.
const { key } = await act('stranger', '');
const stranger = new AlipaySdk({ ...config, privateKey: key });
check(await ask('alipay.trade.query', { outTradeNo: 'N1' }, stranger), { code: '40002', subCode: 'isv.invalid-signature' });
check(await ask('alipay.trade.precreate', { outTradeNo: 'N7', subject: 'x' }), { subCode: 'ACQ.INVALID_PARAMETER' });
check(await ask('alipay.trade.precreate', { ...order('N7'), totalAmount: '0.00' }), { subCode: 'ACQ.INVALID_PARAMETER' });
check(await ask('alipay.trade.precreate', { ...order('N-7') }), { subCode: 'ACQ.INVALID_PARAMETER' });

// Its own check must notice an answer whose signature is not Alipay's, or the
// checks above say nothing.
await act('badsign', '');
await assert.rejects(query('N1'), /验签失败/);
finish(checks);
