// Fails on an import that runs upwards between the rooms of src, and on any circle of imports.
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

// From the top down. A room may import every room below its own floor; on a floor that is `open`
// also its neighbours, as long as the rooms form no circle.
const FLOORS = [
  { rooms: ['commands'], open: false },
  { rooms: ['demo'], open: false },
  { rooms: ['cli', 'dashboard', 'agent', 'client', 'server'], open: true },
  { rooms: ['ingest'], open: false },
  { rooms: ['db'], open: false },
  { rooms: ['domain', 'protocol'], open: false },
];

// Biome's formatting is what makes this reliable: a statement starts its line. TypeScript 7 has no
// parser to call. Type imports count, because they tie the rooms together just as much.
const STATIC_IMPORT = /^(?:import|export)\b(?:[^'"`;=]*?\bfrom)?\s*['"](\.[^'"]+)['"]/gm;
const DYNAMIC_IMPORT = /\bimport\(\s*['"](\.[^'"]+)['"]/g;

type Graph = Map<string, string[]>;

/** Returns the relative specifiers that the source text imports or re-exports, as written. */
export function listImports(source: string): string[] {
  return [STATIC_IMPORT, DYNAMIC_IMPORT].flatMap((pattern) =>
    [...source.matchAll(pattern)].flatMap((match) => match[1] ?? []),
  );
}

function readGraph(directory: string): Graph {
  const files = globSync('**/*.{ts,tsx}', { cwd: directory }).sort();
  return new Map(
    files.map((file) => {
      const path = join(directory, file);
      const targets = listImports(readFileSync(path, 'utf8')).map((specifier) =>
        relative(directory, resolve(dirname(path), specifier)),
      );
      return [file, targets];
    }),
  );
}

const roomOf = (file: string): string => file.split(sep)[0] ?? '';

const floorOf = (room: string): number => FLOORS.findIndex(({ rooms }) => rooms.includes(room));

function isAllowed(from: string, to: string): boolean {
  const [upper, lower] = [floorOf(from), floorOf(to)];
  return from === to || upper < lower || (upper === lower && FLOORS[upper]?.open === true);
}

function describeImport(from: string, to: string): string | undefined {
  for (const file of [from, to]) {
    if (floorOf(roomOf(file)) === -1) return `${file} is in no room of src (imported by ${from})`;
  }
  if (isAllowed(roomOf(from), roomOf(to))) return undefined;
  return `${from} imports ${to}, and ${roomOf(from)} may not import ${roomOf(to)}`;
}

// Depth first; a path that reaches one of its own nodes is a circle. Each node is left once, so
// each knot of circles is reported at least once, and none twice.
function findCircles(graph: Graph): string[][] {
  const circles: string[][] = [];
  const done = new Set<string>();
  const visit = (node: string, path: string[]): void => {
    const start = path.indexOf(node);
    if (start !== -1) circles.push([...path.slice(start), node]);
    if (start !== -1 || done.has(node)) return;
    for (const next of graph.get(node) ?? []) visit(next, [...path, node]);
    done.add(node);
  };
  for (const node of graph.keys()) visit(node, []);
  return circles;
}

function groupByRoom(graph: Graph): Graph {
  const rooms = new Map<string, Set<string>>();
  for (const [file, targets] of graph) {
    const neighbours = rooms.get(roomOf(file)) ?? new Set();
    for (const target of targets)
      if (roomOf(target) !== roomOf(file)) neighbours.add(roomOf(target));
    rooms.set(roomOf(file), neighbours);
  }
  return new Map([...rooms].map(([room, neighbours]) => [room, [...neighbours]]));
}

/** Returns one sentence for each import below the directory (a `src`) that breaks the rules. */
export function findImportProblems(directory: string): string[] {
  const graph = readGraph(directory);
  const forbidden = [...graph].flatMap(([from, targets]) =>
    targets.flatMap((to) => describeImport(from, to) ?? []),
  );
  const circles = [...findCircles(graph), ...findCircles(groupByRoom(graph))];
  return [...forbidden, ...circles.map((circle) => `circle of imports: ${circle.join(' -> ')}`)];
}

if (import.meta.main) {
  const problems = findImportProblems(fileURLToPath(new URL('../src', import.meta.url)));
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
}
