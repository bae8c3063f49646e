import manifest from '../../package.json' with { type: 'json' };

/** The version of this release, as user agents and evidence carry it. */
export const VERSION: string = manifest.version;
