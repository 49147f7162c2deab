/** What Linux tells about running processes; null wherever there is no /proc. */
import { readdirSync, readFileSync } from 'node:fs';

export interface Memory {
  rssMb: number;
  peakMb: number;
}

/** USER_HZ, which is 100 on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;
const KB_PER_MB = 1024;

interface Stat {
  parent: number;
  cpuSeconds: number;
  /** Of its children that have ended. */
  endedSeconds: number;
}

/** The CPU time of the process so far, all threads and user and system together. */
export function readCpuSeconds(pid: number): number | null {
  return readStat(pid)?.cpuSeconds ?? null;
}

/** The same of a process and its children, of those that have ended, too. */
export function readFamilyCpuSeconds(pid: number): number | null {
  const own = readStat(pid);
  if (own === null) return null;
  const children = listPids()
    .map(readStat)
    .filter((stat) => stat?.parent === pid);
  return children.reduce(
    (total, child) => total + (child?.cpuSeconds ?? 0),
    own.cpuSeconds + own.endedSeconds,
  );
}

/** The resident memory of the process, now and at its highest. */
export function readMemory(pid: number): Memory | null {
  const status = readProc(pid, 'status');
  if (status === null) return null;
  const read = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / KB_PER_MB;
  return { rssMb: read('VmRSS'), peakMb: read('VmHWM') };
}

function readStat(pid: number): Stat | null {
  const stat = readProc(pid, 'stat');
  if (stat === null) return null;
  // The name of the program, in parentheses, may contain anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const seconds = (...at: number[]) =>
    at.reduce((total, index) => total + Number(fields[index]), 0) / TICKS_PER_SECOND;
  return { parent: Number(fields[1]), cpuSeconds: seconds(11, 12), endedSeconds: seconds(13, 14) };
}

function listPids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function readProc(pid: number, name: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return null;
  }
}
