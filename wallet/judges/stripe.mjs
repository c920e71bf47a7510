// Cuts Stripe's OpenAPI document, 8 MB of objects within objects, to the answers
// that the till reads: Prism needs minutes for the whole of it. Requests may say
// anything, as stripe-mock judges them. node stripe.mjs IN.json OUT.json
import { readFileSync, writeFileSync } from 'node:fs';

const [from, to] = process.argv.slice(2);
const whole = JSON.parse(readFileSync(from, 'utf8'));
const calls = {
  '/v1/checkout/sessions': ['get', 'post'],
  '/v1/checkout/sessions/{session}': ['get'],
  '/v1/checkout/sessions/{session}/expire': ['post'],
  '/v1/payment_intents': ['get', 'post'],
  '/v1/payment_intents/{intent}': ['get'],
  '/v1/payment_intents/{intent}/cancel': ['post'],
  '/v1/refunds': ['get', 'post'],
  '/v1/refunds/{refund}': ['get'],
  '/v1/balance_transactions': ['get'],
  '/v1/terminal/readers/{reader}': ['get'],
  '/v1/terminal/readers/{reader}/process_payment_intent': ['post'],
  '/v1/terminal/readers/{reader}/cancel_action': ['post'],
};
const kept = [
  'checkout.session', 'payment_intent', 'charge', 'refund', 'balance_transaction', 'terminal.reader', 'deleted_terminal.reader', 'error', 'api_errors',
  'terminal_reader_reader_resource_reader_action', 'terminal_reader_reader_resource_process_payment_intent_action',
];

// An object that is not kept may be anything. Formats of Stripe's own, and
// nullable without a type, make Prism stop validating without a word; so do the
// payments that a reader's objects refer to.
function shallow(v, names = kept) {
  if (Array.isArray(v)) return v.map((x) => shallow(x, names));
  if (!v || typeof v !== 'object') return v;
  if (typeof v.$ref === 'string') return names.includes(v.$ref.split('/').pop()) ? v : {};
  const w = Object.fromEntries(Object.entries(v).filter(([k]) => !k.startsWith('x-')).map(([k, x]) => [k, shallow(x, names)]));
  if (typeof w.format === 'string') delete w.format;
  if (w.nullable === true && w.type === undefined) {
    delete w.nullable;
    w.anyOf = [...(w.anyOf ?? [{}]), { enum: [null] }];
  }
  return w;
}

const paths = {};
for (const [path, methods] of Object.entries(calls)) {
  paths[path] = {};
  for (const m of methods) {
    const { parameters = [], responses, security } = whole.paths[path][m];
    paths[path][m] = { parameters: parameters.filter((p) => p.in === 'path'), responses: shallow(responses), security };
    if (m === 'post') paths[path][m].requestBody = { content: { 'application/x-www-form-urlencoded': { schema: { type: 'object' } } } };
  }
}
const ofReaders = (n) => n.startsWith('terminal');
const schemas = Object.fromEntries(kept.map((n) => [n, shallow(whole.components.schemas[n], ofReaders(n) ? kept.filter(ofReaders) : kept)]));
writeFileSync(to, JSON.stringify({ openapi: whole.openapi, info: whole.info, servers: whole.servers, paths, components: { schemas, securitySchemes: whole.components.securitySchemes } }));
