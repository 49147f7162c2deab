/** Where `bin/run.js` hands over to: oclif, bundled together with the commands it will load. */
export { execute } from '@oclif/core/execute';
