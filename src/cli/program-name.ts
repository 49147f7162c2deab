/** Returns how this program is called by whoever started it: through npm from a checkout, or as it is installed. */
export function nameProgram(env: NodeJS.ProcessEnv = process.env): string {
  return env.npm_lifecycle_event ? 'npx fleet' : 'fleet';
}
