/** One run of autocannon; the argument is a file with the options, stdout the result as JSON. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { GeneratorResult, LoadOptions } from './generator.ts';

interface Request {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: Buffer;
}

/** Takes the ready-made requests apart again: autocannon builds its own. */
function readRequests(bytes: Buffer): Request[] {
  const requests: Request[] = [];
  for (let at = 0; at < bytes.length; ) {
    const start = bytes.indexOf('\n', at) + 1;
    at = start + Number(bytes.subarray(at, start).toString());
    requests.push(parseRequest(bytes.subarray(start, at)));
  }
  return requests;
}

function parseRequest(bytes: Buffer): Request {
  const end = bytes.indexOf('\r\n\r\n');
  const [start = '', ...fields] = bytes.subarray(0, end).toString().split('\r\n');
  const [method = '', path = ''] = start.split(' ');
  const headers = fields
    .map((field) => field.split(': '))
    .filter(([name]) => !/^(host|content-length)$/i.test(name ?? ''));
  return { method, path, headers: Object.fromEntries(headers), body: bytes.subarray(end + 4) };
}

const { url, file, offset, connections, seconds, pace }: LoadOptions = JSON.parse(
  readFileSync(process.argv[2] as string, 'utf8'),
);
const inOrder = readRequests(readFileSync(file));
const requests = [...inOrder.slice(offset), ...inOrder.slice(0, offset)];
const autocannon = createRequire(import.meta.url)('autocannon');
const cpu = process.cpuUsage();
let clients = 0;
const result = await autocannon({
  url,
  connections,
  duration: seconds,
  // Each connection has its share: autocannon would build all the requests anew for every one.
  setupClient: (client: { setRequests: (share: Request[]) => void }) => {
    const first = clients++;
    client.setRequests(requests.filter((_, index) => index % connections === first % connections));
  },
  ...(pace && { overallRate: Math.round(pace.perSecond) }),
});
const { user, system } = process.cpuUsage(cpu);
const summary: GeneratorResult = {
  requests: result['2xx'] + result.non2xx,
  refused: result.non2xx,
  failed: result.errors,
  seconds: result.duration,
  p50Ms: result.latency.p50,
  p99Ms: result.latency.p99,
  generatorShare: (user + system) / 1e6 / result.duration,
};
process.stdout.write(JSON.stringify(summary));
