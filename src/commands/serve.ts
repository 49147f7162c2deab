import { boolean, string } from '@oclif/core/flags';
import { FleetCommand } from '../cli/base-command.ts';
import { countFlag, durationFlag } from '../cli/flags.ts';
import { renderGreeting } from '../cli/serve/greeting.ts';
import { type LimitValues, limitFlags, readLimits } from '../cli/serve/limit-flags.ts';
import { waitForStopSignal } from '../cli/serve/stop-signals.ts';
import { findTlsFiles, tlsFlags } from '../cli/serve/tls-flags.ts';
import { FleetError } from '../domain/errors.ts';

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/;

export default class Serve extends FleetCommand {
  static override summary = 'Receive heartbeats, diagnostics and status from devices.';
  static override description =
    'Creates the database where there is none, and brings an older one up to date. Stops on SIGTERM or Ctrl-C, after it has answered what it accepted.';
  static override examples = [
    '<%= config.bin %> serve',
    '<%= config.bin %> serve --host 0.0.0.0 --port 8443 --tls-cert fullchain.pem --tls-key privkey.pem',
    '<%= config.bin %> serve --host 0.0.0.0 --port 8080 --allow-plaintext',
    'FLEET_DATABASE=postgres://fleet@db/fleet <%= config.bin %> serve',
  ];
  static override flags = {
    host: string({ description: 'Address to listen on.', env: 'FLEET_HOST', default: '127.0.0.1' }),
    port: countFlag({
      max: 65_535,
      description: 'Port to listen on; 0 takes any free one.',
      env: 'FLEET_PORT',
      default: 8080,
    }),
    'allow-plaintext': boolean({
      description: 'Listen without TLS on other addresses than loopback, as behind a proxy.',
      env: 'FLEET_ALLOW_PLAINTEXT',
    }),
    ...tlsFlags,
    'shutdown-timeout': durationFlag({
      description: 'How long requests under way may take when the server stops.',
      env: 'FLEET_SHUTDOWN_TIMEOUT',
      default: 10_000,
      defaultHelp: async () => '10s',
    }),
    ...limitFlags,
  };

  override async run() {
    const { flags } = await this.parse(Serve);
    const { host, port } = flags;
    const tls = findTlsFiles(flags);
    if (!tls && !LOOPBACK.test(host) && !flags['allow-plaintext']) throw refusePlaintext(host);
    const { default: pino } = await import('pino');
    const { startServer } = await import('../server/serve.ts');
    const { boundYoungGeneration } = await import('../server/young-generation.ts');
    boundYoungGeneration();
    // Synchronous, so that nothing is lost when the process ends; few lines are ever written.
    const logger = pino({ base: null }, pino.destination({ fd: 2, sync: true }));
    const server = await startServer({
      location: this.location,
      endpoint: { host, port },
      tls,
      ...readLimits(flags as unknown as LimitValues),
      shutdownTimeoutMs: flags['shutdown-timeout'],
      clock: Date.now,
      logger,
      onDeath: (error) => {
        logger.fatal({ err: error }, 'the writer ended; the server cannot go on');
        process.exit(70);
      },
    });
    // Before anyone can read that it listens: a signal from then on must not cut it off.
    const stopSignal = waitForStopSignal();
    process.on('SIGHUP', () => void server.reloadCertificate());
    logger.info({ url: server.url }, 'listening');
    this.note(
      renderGreeting({
        url: server.url,
        location: this.location,
        chain: server.chain,
        certFile: tls?.certFile,
      }),
    );
    await stopSignal;
    logger.info('stopping');
    await server.stop();
    logger.info('stopped');
    return { url: server.url, stopped: true };
  }
}

function refusePlaintext(host: string): FleetError {
  return new FleetError(
    'usage',
    `${host} can be reached from outside, and tokens would travel unencrypted.`,
    {
      hint: 'fleet serve --tls-cert <file> --tls-key <file>; or, behind a TLS proxy, --host 127.0.0.1 or --allow-plaintext',
    },
  );
}
