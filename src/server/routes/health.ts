import { Hono } from 'hono';
import type { AppEnv, AppServices } from '../context.ts';

/** `/healthz`: the process lives. `/readyz`: it takes traffic, and its database answers. */
export function createHealthRoutes({ findUnreadiness }: AppServices): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  routes.get('/healthz', (c) => c.json({ ok: true }));
  routes.get('/readyz', async (c) => {
    const detail = await findUnreadiness();
    return detail === null ? c.json({ ok: true }) : c.json({ ok: false, detail }, 503);
  });
  return routes;
}
