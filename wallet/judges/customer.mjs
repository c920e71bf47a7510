// The wire between a judge's program and the test that runs it: the program
// writes what the customer shall do as a line of JSON, the test does it in the
// simulator and answers with a line.
import { createInterface } from 'node:readline';

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

// act lets the customer do something and returns what the test answers.
export async function act(what, number, more = {}) {
  process.stdout.write(`${JSON.stringify({ do: what, number, ...more })}\n`);
  const { value, done } = await lines.next();
  if (done) throw new Error('the test has gone');
  const answer = JSON.parse(value);
  if (answer.error) throw new Error(`${what} ${number}: ${answer.error}`);
  return answer;
}

// finish ends the program; what it holds open does not keep it.
export function finish(checks) {
  process.stdout.write(`${JSON.stringify({ do: 'finish', checks })}\n`, () => process.exit(0));
}
