import { API_VERSION } from '../yaml/apiVersions.ts';
import type { Warning } from '../yaml/index.ts';
import type { AbortOption, ArmCallOptions, AssetServices } from './services.ts';

/** Largest code folder that is sent unless the caller says otherwise: 2 GiB. */
export const CODE_LIMIT_IN_BYTES = 2 * 1024 ** 3;

export interface SendingOptions extends AbortOption {
  /** A code folder above this is refused; the service copies it to every node of every run. */
  readonly codeLimitInBytes?: number;
  /** Told about what is sent in a way the user may not expect, such as links that are followed. */
  readonly onWarning?: (warning: Warning) => void;
}

/** The services and options of one resolution, with the few calls everything here makes. */
export interface SendingContext extends SendingOptions {
  readonly services: AssetServices;
  call(query?: Readonly<Record<string, string>>): ArmCallOptions;
}

export function sendingContext(services: AssetServices, options: SendingOptions): SendingContext {
  const { abortSignal } = options;
  return {
    ...options,
    services,
    call: (query) => ({
      apiVersion: API_VERSION,
      ...(query && { query }),
      ...(abortSignal && { abortSignal }),
    }),
  };
}

export function abortOf(context: SendingContext): AbortOption {
  return context.abortSignal ? { abortSignal: context.abortSignal } : {};
}
