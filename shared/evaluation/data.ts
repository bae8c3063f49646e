/** One data input a metric was measured on. */
export interface DataSource {
  readonly name: string;
  /** Where the data is, in any form Azure ML accepts. */
  readonly uri: string;
  /** Hash of the content, where it is known. */
  readonly sha256?: string;
}

/** What is known about the data two sets of metrics were measured on. */
export type DataComparison = 'same' | 'different' | 'unknown';

export interface MeasuredOn {
  readonly inputs: readonly DataSource[];
  readonly rows?: number;
}

/** Compares what both were measured on; `names` limits it to some inputs, empty means all of them. */
export function compareData(
  candidate: MeasuredOn | undefined,
  champion: MeasuredOn | undefined,
  names: readonly string[] = [],
): DataComparison {
  if (candidate === undefined || champion === undefined) return 'unknown';
  if (differ(candidate.rows, champion.rows)) return 'different';
  const compared = names.length > 0 ? names : namesOf(candidate, champion);
  const answers = compared.map((name) =>
    compareInput(find(candidate, name), find(champion, name), names.length > 0),
  );
  if (answers.includes('different')) return 'different';
  return answers.length === 0 || answers.includes('unknown') ? 'unknown' : 'same';
}

function compareInput(
  one: DataSource | undefined,
  other: DataSource | undefined,
  asked: boolean,
): DataComparison {
  // An input that only one of them has is different data, unless it was asked for and simply is not recorded.
  if (one === undefined || other === undefined) return asked ? 'unknown' : 'different';
  if (one.sha256 !== undefined && other.sha256 !== undefined)
    return one.sha256 === other.sha256 ? 'same' : 'different';
  return normalUri(one.uri) === normalUri(other.uri) ? 'same' : 'different';
}

function namesOf(candidate: MeasuredOn, champion: MeasuredOn): string[] {
  return [...new Set([...candidate.inputs, ...champion.inputs].map(({ name }) => name))];
}

function find(measured: MeasuredOn, name: string): DataSource | undefined {
  return measured.inputs.find((input) => input.name === name);
}

function differ(one: number | undefined, other: number | undefined): boolean {
  return one !== undefined && other !== undefined && one !== other;
}

/** The short form of the addresses Azure ML has several spellings for: datastore paths and data asset versions. */
function normalUri(uri: string): string {
  const datastore = /^azureml:\/\/(?:subscriptions\/.+\/)?datastores\/([^/]+)\/paths\/(.*?)\/*$/i.exec(uri);
  if (datastore) return `datastore:${datastore[1]}/${datastore[2]}`;
  const asset =
    /\/data\/([^/]+)\/versions\/([^/]+)\/?$/i.exec(uri) ?? /^azureml:([^/:]+):([^/:]+)$/.exec(uri);
  return asset && !uri.includes('/registries/') ? `asset:${asset[1]}:${asset[2]}` : uri.replace(/\/+$/, '');
}
