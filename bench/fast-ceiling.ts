/**
 * A second ceiling, for honesty: the same empty app, which answers constant bytes straight on Node's
 * response in place of a `Response` that is turned into one.
 */
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono } from 'hono';
import type { AppEnv } from '../src/server/context.ts';
import { listen, urlOf } from '../src/server/listen.ts';

const ANSWER = Buffer.from('{"ok":true,"accepted":1}');
const HEADERS = { 'content-type': 'application/json', 'content-length': ANSWER.length };

const app = new Hono<AppEnv>();

app.post('*', async (c) => {
  JSON.parse(await c.req.text());
  c.env.outgoing?.writeHead(200, HEADERS).end(ANSWER);
  return RESPONSE_ALREADY_SENT;
});

const server = await listen(app, { host: '127.0.0.1', port: 0 });
process.stderr.write(`${JSON.stringify({ msg: 'listening', url: urlOf(server) })}\n`);
process.on('SIGTERM', () => process.exit(0));
