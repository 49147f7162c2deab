/**
 * The ceiling that the server is measured against: an empty Hono app on the same HTTP server with
 * the same options, which reads the body, parses it, and answers the same bytes.
 */
import { Hono } from 'hono';
import type { AppEnv } from '../src/server/context.ts';
import { listen, urlOf } from '../src/server/listen.ts';

const app = new Hono<AppEnv>();

app.post('*', async (c) => {
  JSON.parse(await c.req.text());
  return Response.json({ ok: true, accepted: 1 });
});

const server = await listen(app, { host: '127.0.0.1', port: 0 });
process.stderr.write(`${JSON.stringify({ msg: 'listening', url: urlOf(server) })}\n`);
process.on('SIGTERM', () => process.exit(0));
