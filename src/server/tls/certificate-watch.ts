import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import { FleetError } from '../../domain/errors.ts';
import { describeCertificate, findDateFault } from './certificate.ts';
import { readTlsFiles, type TlsContents } from './files.ts';
import { checkTlsContents, type TlsMaterial } from './material.ts';

export interface CertificateWatchOptions {
  /** Makes new handshakes use the material. */
  apply: (material: TlsMaterial) => void;
  clock: () => number;
  logger: Logger;
  pollMs?: number;
}

type Found = TlsContents | Error;

const POLL_MS = 1_000;
const DAY_MS = 86_400_000;

/**
 * Keeps a listener at the certificate that its files hold: a good one is applied, for a bad one
 * the old one stays. The content decides, because the watchers and times of files do not see
 * every symlink that changes its target; two small files a second cost nothing.
 */
export class CertificateWatch {
  #material: TlsMaterial;
  readonly #options: CertificateWatchOptions;
  readonly #timer: NodeJS.Timeout;
  #turn: Promise<void> = Promise.resolve();
  #seen: string;
  #handled: string;
  #warnedAtMs = 0;

  constructor(material: TlsMaterial, options: CertificateWatchOptions) {
    this.#material = material;
    this.#options = options;
    this.#seen = fingerprint(material);
    this.#handled = this.#seen;
    this.#warnOfDates();
    this.#timer = setInterval(() => this.poll(), options.pollMs ?? POLL_MS);
  }

  /** Takes what the files hold now, at once, and logs what came of it. */
  async reload(): Promise<void> {
    await this.#inTurn(async () => this.#take(await this.#read()));
  }

  /** Looks at the files, as it does once a second by itself, and takes what changed and is complete. */
  async poll(): Promise<void> {
    await this.#inTurn(() => this.#look());
  }

  /** Resolves when nothing is read or applied any more. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#turn;
  }

  // So that an older reading never overtakes a newer one.
  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(work);
    return this.#turn;
  }

  async #look(): Promise<void> {
    const { clock } = this.#options;
    if (clock() - this.#warnedAtMs >= DAY_MS) this.#warnOfDates();
    const found = await this.#read();
    const print = fingerprint(found);
    // Certificate and key are written in turn. What is the same twice is not being written.
    const isSettled = print === this.#seen;
    this.#seen = print;
    if (isSettled && print !== this.#handled) this.#take(found);
  }

  #read(): Promise<Found> {
    return readTlsFiles(this.#material.files).catch((error: Error) => error);
  }

  #take(found: Found): void {
    const { apply, logger } = this.#options;
    this.#handled = fingerprint(found);
    try {
      if (found instanceof Error) throw found;
      const material = checkTlsContents(found, this.#material.files);
      apply(material);
      this.#material = material;
      logger.info(describeCertificate(material.certificate), 'certificate reloaded');
      this.#warnOfDates();
    } catch (error) {
      logger.error(
        { ...describeReason(error), in_use: describeCertificate(this.#material.certificate) },
        'certificate not reloaded; the old one stays in use',
      );
    }
  }

  #warnOfDates(): void {
    const { clock, logger } = this.#options;
    const { certificate } = this.#material;
    this.#warnedAtMs = clock();
    const fault = findDateFault(certificate, this.#warnedAtMs);
    if (fault) logger.warn(describeCertificate(certificate), fault);
  }
}

function describeReason(error: unknown) {
  const reason = error instanceof Error ? error.message : String(error);
  return { reason, hint: error instanceof FleetError ? error.hint : undefined };
}

function fingerprint(found: Found): string {
  if (found instanceof Error) return found.message;
  return createHash('sha256').update(found.cert).update('\0').update(found.key).digest('hex');
}
