import { DAIRY, PACKAGING, type Trade, WATER } from './trades.ts';

/** A customer of the demo. None of them exists. */
export interface DemoCustomer {
  slug: string;
  name: string;
  email: string;
  phone: string;
  parent: string | null;
  trade: Trade;
  /** Its part of the machines. */
  share: number;
  /** Of how many machines one gateway forwards the messages; 0 where each machine sends its own. */
  behindGateway: number;
  /** The days that are left to its token; null for one without an end. */
  tokenDays: number | null;
}

const dairy = { trade: DAIRY, email: 'plant-it@hollowbrook.example', behindGateway: 0 };

/** Parents first. */
export const CUSTOMERS: readonly DemoCustomer[] = [
  {
    ...dairy,
    slug: 'hollowbrook-dairy',
    name: 'Hollowbrook Dairy',
    phone: '+44 1632 960101',
    parent: null,
    share: 0.3,
    tokenDays: null,
  },
  {
    ...dairy,
    slug: 'hollowbrook-dairy-south',
    name: 'Hollowbrook Dairy, southern plant',
    phone: '+44 1632 960102',
    parent: 'hollowbrook-dairy',
    share: 0.15,
    tokenDays: 12,
  },
  {
    slug: 'quillford-packaging',
    name: 'Quillford Packaging',
    email: 'maintenance@quillford.example',
    phone: '+44 1632 960137',
    parent: null,
    trade: PACKAGING,
    share: 0.3,
    behindGateway: 0,
    tokenDays: 200,
  },
  {
    slug: 'tarnmere-waterworks',
    name: 'Tarnmere Waterworks',
    email: 'control-room@tarnmere.example',
    phone: '+44 1632 960164',
    parent: null,
    trade: WATER,
    share: 0.25,
    behindGateway: 8,
    tokenDays: null,
  },
];
