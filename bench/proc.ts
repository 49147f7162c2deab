/** What Linux tells about a running process; null wherever there is no /proc. */
import { readFileSync } from 'node:fs';

export interface Memory {
  rssMb: number;
  peakMb: number;
}

/** USER_HZ, which is 100 on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;
const KB_PER_MB = 1024;

/** The CPU time of the process so far, all threads and user and system together. */
export function readCpuSeconds(pid: number): number | null {
  const stat = readProc(pid, 'stat');
  if (stat === null) return null;
  // The name of the program, in parentheses, may contain anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** The resident memory of the process, now and at its highest. */
export function readMemory(pid: number): Memory | null {
  const status = readProc(pid, 'status');
  if (status === null) return null;
  const read = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / KB_PER_MB;
  return { rssMb: read('VmRSS'), peakMb: read('VmHWM') };
}

function readProc(pid: number, name: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return null;
  }
}
