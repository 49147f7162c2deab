// Without its own Node (`npm ci --ignore-scripts`) everything here would run on the system's, and
// better-sqlite3 ends an older one with a segmentation fault and no message.
export const REQUIRED_NODE_MAJOR = 24;

/** Ends the process with exit code 78 and one sentence where Node is too old for the project. */
export function requireNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= REQUIRED_NODE_MAJOR) return;
  console.error(
    `This needs Node ${REQUIRED_NODE_MAJOR} or later and runs on ${process.version}: ` +
      'run "npm ci" (without --ignore-scripts), which brings Node along.',
  );
  process.exit(78);
}

requireNode();
