import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface ServerProcess {
  url: string;
  pid: number;
  stop: () => Promise<void>;
}

/** Starts a program that writes a JSON log line with `"msg":"listening"` and its `url` on stderr. */
export async function startProcess(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<ServerProcess> {
  const child = spawn(process.execPath, [...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, NODE_ENV: 'production', ...env },
  });
  const url = await readUrl(child);
  return { url, pid: child.pid ?? 0, stop: () => stopProcess(child) };
}

async function readUrl(child: ChildProcess): Promise<string> {
  if (child.stderr === null) throw new Error('the process has no stderr');
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    said.push(line);
    const url = line.startsWith('{') ? (JSON.parse(line) as { url?: string }).url : undefined;
    if (url === undefined) continue;
    child.stderr.resume();
    return url;
  }
  throw new Error(`the process ended before it listened:\n${said.join('\n')}`);
}

async function stopProcess(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}
