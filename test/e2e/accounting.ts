/**
 * Exact accounting: every request registers a machine of its own, so that the database itself says
 * what was stored. lost = acknowledged − stored, phantom = stored − sent.
 */
import { Agent, request } from 'node:http';

export interface Account {
  sent: Set<string>;
  acknowledged: Set<string>;
}

export interface Clients {
  account: Account;
  /** Waits until so many more messages than now are acknowledged. */
  acknowledge: (count: number) => Promise<void>;
  stop: () => Promise<void>;
}

export interface ClientOptions {
  /** Asked before every request: the server may have moved. */
  url: () => string;
  token: string;
  customer: string;
  connections: number;
  onAnswer?: (startedAtMs: number, status: number) => void;
}

/** Starts clients that post one heartbeat after the other, each for a new machine, until they are stopped. */
export function startClients(options: ClientOptions): Clients {
  const account: Account = { sent: new Set(), acknowledged: new Set() };
  const agent = new Agent({ keepAlive: true, maxSockets: options.connections });
  let isStopped = false;
  const loops = Array.from({ length: options.connections }, async (_, client) => {
    for (let turn = 0; !isStopped; turn++) {
      const machine = `m-${client}-${turn}`;
      account.sent.add(machine);
      const startedAtMs = performance.now();
      const status = await post(
        agent,
        `${options.url()}/api/ingest/${options.customer}/${machine}/app/heartbeat`,
        options.token,
      );
      if (status === 200) account.acknowledged.add(machine);
      else await pause(20);
      if (status !== null) options.onAnswer?.(startedAtMs, status);
    }
  });
  return {
    account,
    acknowledge: async (count) => {
      const wanted = account.acknowledged.size + count;
      const deadline = Date.now() + 15_000;
      while (account.acknowledged.size < wanted) {
        if (Date.now() > deadline) throw new Error('the server does not acknowledge');
        await pause(5);
      }
    },
    stop: async () => {
      isStopped = true;
      await Promise.all(loops);
      agent.destroy();
    },
  };
}

/** What was lost, and what is there that nobody sent. */
export function settle({ sent, acknowledged }: Account, stored: Iterable<string>) {
  const storedSet = new Set(stored);
  return {
    lost: [...acknowledged.difference(storedSet)],
    phantom: [...storedSet.difference(sent)],
  };
}

/** The status of the answer once all of it has arrived; null when it was broken off. */
function post(agent: Agent, url: string, token: string): Promise<number | null> {
  return new Promise((resolve) => {
    const headers = { authorization: `Bearer ${token}`, 'content-length': 2 };
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      response.on('error', () => resolve(null));
      response.on('aborted', () => resolve(null));
      response.on('end', () => resolve(response.statusCode ?? null));
      response.resume();
    });
    sent.on('error', () => resolve(null));
    sent.end('{}');
  });
}

function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
