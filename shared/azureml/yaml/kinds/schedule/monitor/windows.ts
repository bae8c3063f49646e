import type { Trigger } from '../trigger.ts';

/** How much data a monitor looks at where a signal does not say: as much as comes between two runs. */
export interface Windows {
  readonly production: string;
  readonly reference: string;
}

const DAYS = { minute: 1, hour: 1, day: 1, week: 7, month: 30 } as const;

export function windowsOf(trigger: Trigger | undefined): Windows {
  const { frequency, interval = 1 } = trigger ?? {};
  if (frequency === undefined) return { production: 'P7D', reference: 'P14D' };
  const days = frequency === 'minute' || frequency === 'hour' ? 1 : DAYS[frequency] * interval;
  return { production: `P${days}D`, reference: `P${days * 2}D` };
}
