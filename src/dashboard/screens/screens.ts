import type { ScreenName } from '../state.ts';
import { customersScreen } from './customers.ts';
import { diagnosticsScreen } from './diagnostics.ts';
import { fleetScreen } from './fleet.ts';
import { instanceScreen } from './instance.ts';
import { rejectionsScreen } from './rejections.ts';
import type { Screen } from './screen.ts';

export const SCREEN_MODULES: Readonly<Record<ScreenName, Screen>> = {
  fleet: fleetScreen,
  instance: instanceScreen,
  diagnostics: diagnosticsScreen,
  rejections: rejectionsScreen,
  customers: customersScreen,
};
