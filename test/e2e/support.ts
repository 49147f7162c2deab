import { createTestDatabase, DIALECTS, type Dialect } from '../support/databases.ts';
import { startRoundRobin } from '../support/round-robin.ts';
import { type FleetServer, runFleet, startFleet } from '../support/servers.ts';

/** How an installation is set up: on which database, and how many servers share its work. */
export interface Deployment {
  name: string;
  dialect: Dialect;
  nodes: number;
}

const ALL_DEPLOYMENTS: readonly Deployment[] = [
  { name: 'sqlite', dialect: 'sqlite', nodes: 1 },
  { name: 'postgres', dialect: 'postgres', nodes: 1 },
  { name: 'two nodes on postgres', dialect: 'postgres', nodes: 2 },
];

/** The deployments to loop a suite over. */
export const DEPLOYMENTS = ALL_DEPLOYMENTS.filter(({ dialect }) => DIALECTS.includes(dialect));

/** The payloads of the published onboarding document, to the letter. */
export const DOCUMENT_PAYLOADS = {
  heartbeat: `{
"version": "1.0.0",
"uptime_seconds": 3600,
"pid": 1234,
"ips": ["10.0.0.5"]
}`,
  diagnostics: `{
"diagnostics": [
{"code": 1000, "message": "OK", "severity": 0}
]
}`,
  status: `{
"status": "running",
"message": "Application running",
"snapshot": {"cpu": 45, "memory": 2048}
}`,
} as const;

export interface Installation {
  /** Runs `fleet` on the installation's database. */
  fleet: (...args: string[]) => ReturnType<typeof runFleet>;
  /** Runs `fleet … --json`, which must succeed, and returns what it printed. */
  // biome-ignore lint/suspicious/noExplicitAny: the shape is what the test looks at
  json: (...args: string[]) => Promise<any>;
  /** Starts as many servers as the deployment has; several stand behind a load balancer. */
  serve: (...args: string[]) => Promise<FleetServer>;
  url: string;
  drop: () => Promise<void>;
}

/** An installation of its own: an empty database, and the built program working on it. */
export async function createInstallation(deployment: Dialect | Deployment): Promise<Installation> {
  const { dialect, nodes } =
    typeof deployment === 'string' ? { dialect: deployment, nodes: 1 } : deployment;
  const database = await createTestDatabase(dialect);
  const env = { FLEET_DATABASE: database.url };
  const fleet = (...args: string[]) => runFleet(args, { env });
  return {
    fleet,
    json: async (...args) => {
      const { code, stdout, stderr } = await fleet(...args, '--json');
      if (code !== 0)
        throw new Error(`fleet ${args.join(' ')} exited with ${code}: ${stdout}${stderr}`);
      return JSON.parse(stdout);
    },
    serve: (...args) =>
      nodes === 1 ? startFleet({ args, env }) : startNodes(nodes, () => startFleet({ args, env })),
    url: database.url,
    drop: () => database.drop(),
  };
}

async function startNodes(nodes: number, start: () => Promise<FleetServer>): Promise<FleetServer> {
  const servers = await Promise.all(Array.from({ length: nodes }, start));
  const balancer = await startRoundRobin(servers.map(({ url }) => url));
  const [first] = servers as [FleetServer];
  return {
    url: balancer.url,
    pid: first.pid,
    stdout: () => servers.map((server) => server.stdout()).join(''),
    stderr: () => servers.map((server) => server.stderr()).join(''),
    stop: async (signal) => {
      const exits = await Promise.all(servers.map((server) => server.stop(signal)));
      await balancer.stop();
      return exits.find(({ code }) => code !== 0) ?? (exits[0] as Awaited<typeof exits>[number]);
    },
  };
}

export interface PostOptions {
  token?: string | null;
  body?: string | Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
  method?: string;
}

export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: the shape is what the test looks at
  body: any;
}

/** Sends a request as a device would; without a token there is no Authorization header. */
export async function post(url: string, options: PostOptions = {}): Promise<Answer> {
  const { token, body = '{}', headers = {}, method = 'POST' } = options;
  const authorization = token ? { authorization: `Bearer ${token}` } : {};
  const init = { method, headers: { ...authorization, ...headers } };
  const response = await fetch(url, method === 'GET' ? init : { ...init, body });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json');
  return {
    status: response.status,
    headers: response.headers,
    body: isJson ? JSON.parse(text) : text,
  };
}

/** Waits until the rejection log, which is written at most four times a second, shows what is expected. */
export async function waitFor<Value>(
  read: () => Promise<Value>,
  isThere: (value: Value) => boolean,
): Promise<Value> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const value = await read();
    if (isThere(value)) return value;
    if (Date.now() > deadline) throw new Error(`not in time: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
