import { userInfo } from 'node:os';

const LONGEST = 64;

/** Returns who acts, for the audit trail: the user behind sudo, else the user, else `uid <number>`. */
export function findActor(env: NodeJS.ProcessEnv = process.env): string {
  return (env.SUDO_USER || findUser()).slice(0, LONGEST);
}

// Throws where the user has no entry in /etc/passwd, as in many containers.
function findUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
