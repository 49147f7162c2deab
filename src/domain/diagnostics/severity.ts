/** The severities of a diagnostic by their names, the mildest first. */
export const SEVERITIES = { info: 0, warning: 1, error: 2 } as const;

export type SeverityName = keyof typeof SEVERITIES;

/** Returns the name of a severity. */
export function nameSeverity(severity: number): SeverityName {
  return severity === 2 ? 'error' : severity === 1 ? 'warning' : 'info';
}
