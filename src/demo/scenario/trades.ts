/** What the machines of a trade are, and what they have to say. */

/** Something that goes wrong: how it is reported as a diagnostic, and as a status. */
export interface Trouble {
  code: number;
  module: string;
  message: string;
  status: string;
  context?: Readonly<Record<string, unknown>>;
}

export interface MachineKind {
  name: string;
  /** What runs on it, the most important first. */
  software: readonly string[];
  os: string;
}

export interface Trade {
  machines: readonly MachineKind[];
  /** What a healthy machine says. */
  running: readonly string[];
  errors: readonly Trouble[];
  warnings: readonly Trouble[];
  /** What a snapshot shows besides the computer itself, with its usual range. */
  gauges: Readonly<Record<string, readonly [least: number, most: number]>>;
}

const WINDOWS = 'Windows 10 IoT Enterprise LTSC 2021';
const DEBIAN = 'Debian GNU/Linux 12';
const UBUNTU = 'Ubuntu Core 24';

export const DAIRY: Trade = {
  machines: [
    { name: 'filler', software: ['line-control', 'vision-check', 'edge-agent'], os: WINDOWS },
    { name: 'pasteurizer', software: ['process-control', 'batch-recorder'], os: DEBIAN },
    { name: 'cold-store', software: ['climate-logger', 'edge-agent'], os: UBUNTU },
    { name: 'palletizer', software: ['line-control', 'edge-agent'], os: WINDOWS },
  ],
  running: ['Producing order 48113', 'Producing order 48120', 'Cleaning in place, step 3 of 5'],
  errors: [
    {
      code: 2104,
      module: 'dosing',
      message: 'Filling valve 6 does not close',
      status: 'Line halted: filling valve 6',
      context: { valve: 6, attempts: 3 },
    },
    {
      code: 2310,
      module: 'heat-exchanger',
      message: 'Holding temperature below 72 °C for 40 s',
      status: 'Flow diverted: holding temperature too low',
      context: { setpoint_c: 72.5, measured_c: 71.2 },
    },
  ],
  warnings: [
    {
      code: 1207,
      module: 'compressed-air',
      message: 'Air pressure 5.4 bar, wanted 6.0',
      status: 'Reduced speed: air pressure low',
      context: { bar: 5.4 },
    },
    {
      code: 1450,
      module: 'printer',
      message: 'Ink of the date printer below 10 %',
      status: 'Date printer is slow',
    },
  ],
  gauges: { product_temperature_c: [3.5, 5.8], units_per_minute: [180, 240] },
};

export const PACKAGING: Trade = {
  machines: [
    { name: 'press', software: ['press-control', 'colour-inspection', 'edge-agent'], os: WINDOWS },
    { name: 'die-cutter', software: ['cutter-control', 'edge-agent'], os: DEBIAN },
    { name: 'folder-gluer', software: ['line-control', 'camera-gateway'], os: DEBIAN },
  ],
  running: ['Printing job P-20931', 'Printing job P-20934', 'Set-up for the next job'],
  errors: [
    {
      code: 3108,
      module: 'main-drive',
      message: 'Overcurrent in the main drive, axis 2',
      status: 'Emergency stop: main drive',
      context: { axis: 2, ampere: 48.7 },
    },
    {
      code: 3222,
      module: 'camera',
      message: 'Camera 2 does not answer',
      status: 'Inspection is off: camera 2',
      context: { camera: 2, timeout_ms: 3000 },
    },
  ],
  warnings: [
    {
      code: 1311,
      module: 'glue',
      message: 'Glue temperature 12 °C below the setpoint',
      status: 'Waiting for the glue to warm up',
      context: { setpoint_c: 165, measured_c: 153 },
    },
    {
      code: 1320,
      module: 'disk',
      message: 'Disk 91 % full',
      status: 'Job archive is paused: disk nearly full',
      context: { used_percent: 91 },
    },
  ],
  gauges: { sheets_per_hour: [8200, 9600], ink_temperature_c: [21, 26] },
};

export const WATER: Trade = {
  machines: [
    { name: 'pump-station', software: ['pump-control', 'level-logger', 'modem-watch'], os: UBUNTU },
    { name: 'reservoir', software: ['level-logger', 'quality-probe'], os: UBUNTU },
    { name: 'treatment', software: ['process-control', 'quality-probe', 'archive'], os: DEBIAN },
  ],
  running: ['Pump 1 of 2 running', 'Level within limits', 'Night programme'],
  errors: [
    {
      code: 4011,
      module: 'pump-2',
      message: 'Pump 2 tripped: motor temperature',
      status: 'Pump 2 is off, pump 1 alone',
      context: { pump: 2, winding_c: 142 },
    },
    {
      code: 4105,
      module: 'probe',
      message: 'Turbidity 0.9 NTU, limit 0.5',
      status: 'Outflow closed: turbidity',
      context: { ntu: 0.9, limit_ntu: 0.5 },
    },
  ],
  warnings: [
    {
      code: 1502,
      module: 'modem',
      message: 'Signal weak: -109 dBm',
      status: 'Sends every other value: weak signal',
      context: { dbm: -109 },
    },
    {
      code: 1533,
      module: 'battery',
      message: 'Buffer battery at 31 %',
      status: 'Runs on the buffer battery',
      context: { charge_percent: 31 },
    },
  ],
  gauges: { level_m: [2.1, 4.4], flow_m3_per_h: [38, 72] },
};
