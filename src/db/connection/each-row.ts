/** The parameters of a statement that SQLite runs once for each row; only our own dialect knows it. */
export class EachRow {
  readonly rows: readonly (readonly unknown[])[];

  constructor(rows: readonly (readonly unknown[])[]) {
    this.rows = rows;
  }
}

/** The rows for which a statement with these parameters is to run, or null for an ordinary one. */
export function listEachRow(parameters: readonly unknown[]): EachRow['rows'] | null {
  return parameters[0] instanceof EachRow ? parameters[0].rows : null;
}
