import { Command } from '@oclif/core/command';
import type { ArgInput, FlagInput, Input, ParserOutput } from '@oclif/core/interfaces';
import type { Kysely, Transaction } from 'kysely';
import { type Change, inTransaction } from '../db/change.ts';
import { type DatabaseLocation, describeLocation } from '../db/connection/location.ts';
import type { Database } from '../db/schema.ts';
import { type ExitCode, FleetError } from '../domain/errors.ts';
import { quoteWord } from '../domain/text/shell-word.ts';
import { findActor } from './actor.ts';
import { type ConfigFile, mergeFiles, readConfigFiles } from './config-file.ts';
import { resolveLocation } from './database.ts';
import { describeFailure, markReported, printFailure } from './failure.ts';
import { baseFlags } from './flags.ts';
import { encodeJson, writeNote, writeOut } from './output.ts';
import { applyFileValues, listSettings } from './settings.ts';
import { describeUsage } from './usage.ts';

// biome-ignore lint/suspicious/noExplicitAny: as oclif bounds its type parameters
type Output = Record<string, any>;

/** What every command shares: flags, settings from files, the database, output and errors. */
export abstract class FleetCommand extends Command {
  static override enableJsonFlag = true;
  static override baseFlags = baseFlags;

  /** One instant for everything a command does at once. */
  protected readonly nowMs = Date.now();
  /** The configuration files that were read, the strongest first. */
  protected configFiles: ConfigFile[] = [];

  #location: DatabaseLocation | undefined;
  #resolveLocation: () => DatabaseLocation = () =>
    resolveLocation({ text: undefined, isFromFlag: false });
  #open: Promise<Kysely<Database>> | undefined;
  /** `--database` and `--config` as they were given. */
  #locationFlags: string[] = [];

  /** Where the database is; throws `usage` or `configuration`. */
  protected get location(): DatabaseLocation {
    this.#location ??= this.#resolveLocation();
    return this.#location;
  }

  /** The database to read from; throws `database_missing` where there is none. */
  protected async read(): Promise<Kysely<Database>> {
    this.#open ??= import('../db/connection/open.ts').then(({ openDatabase }) =>
      openDatabase(this.location, { access: 'read' }),
    );
    return await this.#open;
  }

  /** The database to write to; where there is none it is created, which is said on stderr. */
  protected async write(): Promise<Kysely<Database>> {
    const onCreate = this.noteCreated;
    this.#open ??= import('../db/connection/open.ts').then(({ openOrCreateDatabase }) =>
      openOrCreateDatabase(this.location, { onCreate }),
    );
    return await this.#open;
  }

  /** Changes the database in one transaction, with who and when for the audit trail. */
  protected async change<T>(
    work: (trx: Transaction<Database>, change: Change) => Promise<T>,
  ): Promise<T> {
    const change = { nowMs: this.nowMs, actor: findActor() };
    return await inTransaction(await this.write(), (trx) => work(trx, change));
  }

  /**
   * Prints data for people on stdout; nothing with --json, where the result of `run` is printed. What
   * takes long to render is given as a function.
   */
  protected print(text: string | (() => string)): void {
    if (this.jsonEnabled()) return;
    const rendered = typeof text === 'string' ? text : text();
    if (rendered !== '') writeOut(rendered);
  }

  /** Says something about the data on stderr, with --json as well. */
  protected note(text: string): void {
    writeNote(text);
  }

  /** Sets the exit code of a command that did what it should; what it returns is printed all the same. */
  protected exitWith(code: ExitCode): void {
    process.exitCode = code;
  }

  /** Says that a database was created, and where. */
  protected readonly noteCreated = (where: string): void => {
    this.note(`Created the database ${where}.`);
  };

  // Every argument of oclif would otherwise be read from stdin where it is missing: a loop
  // `while read … do fleet …` would lose its input. And files are to stand in for flags.
  protected override async parse<F extends Output, B extends Output, A extends Output>(
    options?: Input<F, B, A>,
    argv = this.argv,
  ): Promise<ParserOutput<F, B, A>> {
    const given = (options ?? this.ctor) as Input<F, B, A>;
    const flags: FlagInput = { ...given.baseFlags, ...given.flags };
    const known = new Set(listSettings(this.config, flags).keys());
    this.configFiles = await readConfigFiles(findConfigFlag(argv), known);
    const result = await super.parse<F, B, A>(
      {
        ...given,
        args: withoutStdin(given.args ?? {}),
        strict: given.strict ?? true,
        flags: applyFileValues(flags, mergeFiles(this.configFiles)),
        baseFlags: {},
        enableJsonFlag: this.ctor.enableJsonFlag,
      } as Input<F, B, A>,
      argv,
    );
    this.#locationFlags = result.raw.flatMap((token) =>
      token.type === 'flag' && ['database', 'config'].includes(token.flag)
        ? [`--${token.flag}`, token.input]
        : [],
    );
    const text = (result.flags as { database?: string }).database;
    const isFromFlag = result.raw.some(
      (token) => token.type === 'flag' && token.flag === 'database',
    );
    this.#resolveLocation = () => resolveLocation({ text, isFromFlag });
    return result;
  }

  protected override logJson(json: unknown): void {
    writeOut(encodeJson(json, { indent: 2 }));
  }

  protected override async catch(error: Error & { code?: string }): Promise<never> {
    // `this.exit(…)`, by which oclif also ends after --version and --help.
    if (error.code === 'EEXIT') throw error;
    const usage = describeUsage(error, {
      command: [this.config.bin, ...(this.id ?? '').split(':')].join(' '),
      flagNames: Object.keys({
        ...this.ctor.baseFlags,
        ...this.ctor.flags,
        json: true,
        help: true,
      }),
    });
    const database = this.#location && describeLocation(this.#location);
    const failure = this.#nameCommand(usage ?? describeFailure(error, { database }));
    printFailure(failure, { json: this.jsonEnabled(), debug: this.#isDebugging() });
    throw markReported(failure);
  }

  protected override async finally(_error: Error | undefined): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    if (open) await open.then((db) => db.destroy()).catch(() => undefined);
  }

  /** A command to copy, with the flags that say where the database is: it would meet another one without. */
  protected repeatLocation(command: string): string {
    const flags = this.#locationFlags.map(quoteWord).join(' ');
    if (flags === '') return command;
    return command.replaceAll(/\bfleet (?!serve)[^&|,]*[^&|, ]/g, (each) => `${each} ${flags}`);
  }

  /** A hint to run the same command as another user is to be copied as it stands. */
  #nameCommand(error: FleetError): FleetError {
    if (error.hint?.startsWith('fleet ') && !error.hint.includes('--help')) {
      const hint = this.repeatLocation(error.hint);
      return new FleetError(error.code, error.message, { hint, cause: error.cause ?? error });
    }
    if (!error.hint?.endsWith(' fleet …')) return error;
    const words = [this.config.bin, ...(this.id ?? '').split(':'), ...this.argv].map(quoteWord);
    const hint = error.hint.replace('fleet …', () => words.join(' '));
    return new FleetError(error.code, error.message, { hint, cause: error });
  }

  // Not from the parsed flags: what fails may be the parsing.
  #isDebugging(): boolean {
    return isBeforeDashes(this.argv, '--debug') || Boolean(process.env.FLEET_DEBUG);
  }
}

function withoutStdin(args: ArgInput): ArgInput {
  return Object.fromEntries(
    Object.entries(args).map(([name, arg]) => [name, { ...arg, ignoreStdin: true }]),
  );
}

// Before the parsing, because the file says what the parser takes for defaults.
function findConfigFlag(argv: readonly string[]): string | undefined {
  const end = argv.indexOf('--');
  const flags = end === -1 ? argv : argv.slice(0, end);
  const at = flags.findLastIndex((text) => text === '--config' || text.startsWith('--config='));
  if (at === -1) return process.env.FLEET_CONFIG || undefined;
  const text = flags[at] ?? '';
  return text.includes('=') ? text.slice('--config='.length) : flags[at + 1];
}

function isBeforeDashes(argv: readonly string[], flag: string): boolean {
  const [at, end] = [argv.indexOf(flag), argv.indexOf('--')];
  return at !== -1 && (end === -1 || at < end);
}
