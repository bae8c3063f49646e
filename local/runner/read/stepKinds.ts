import type {
  CheckoutStepPlan,
  DownloadStepPlan,
  PublishStepPlan,
  ScriptStepPlan,
  StepPlan,
  TaskStepPlan,
  Text,
} from '../plan.ts';
import type { Fields } from './fields.ts';
import type { StepCommon as Common } from './stepCommon.ts';
import type { ReadingDesk } from './templates.ts';

const SHELL = ['failOnStderr', 'workingDirectory'];
const POWERSHELL = [...SHELL, 'errorActionPreference', 'ignoreLASTEXITCODE'];
/** Settings of a checkout that change nothing here: the working folder is copied as it is. */
const CHECKOUT = [
  'clean',
  'fetchDepth',
  'fetchFilter',
  'fetchTags',
  'lfs',
  'persistCredentials',
  'submodules',
];
const CHECKOUT_ELSEWHERE = {
  path: '',
  workspaceRepo: '',
  sparseCheckoutDirectories: '',
  sparseCheckoutPatterns: '',
};

type Read = (desk: ReadingDesk, fields: Fields, common: Common) => StepPlan | undefined;

interface StepKind {
  readonly keys: readonly string[];
  readonly read: Read;
}

/** The steps the local runner knows, by the key that names them. */
export const STEP_KINDS: Readonly<Record<string, StepKind>> = {
  task: { keys: ['inputs'], read: readTask },
  script: { keys: SHELL, read: shell('script') },
  bash: { keys: SHELL, read: shell('bash') },
  pwsh: { keys: POWERSHELL, read: shell('pwsh') },
  powershell: { keys: POWERSHELL, read: shell('powershell') },
  publish: { keys: ['artifact'], read: readPublish },
  download: { keys: ['artifact', 'patterns', 'path'], read: readDownload },
  checkout: { keys: [...CHECKOUT, ...Object.keys(CHECKOUT_ELSEWHERE)], read: readCheckout },
};

function readTask(desk: ReadingDesk, fields: Fields, common: Common): TaskStepPlan | undefined {
  const reference = fields.needed('task');
  const match = reference && /^([A-Za-z0-9._-]+)@(\d+)(\.\d+){0,2}$/.exec(reference.text.trim());
  if (reference && !match) {
    desk.findings.wrong(
      reference.place,
      `'${reference.text}' does not name a task and its version.`,
      'Write it like TrainModel@1.',
    );
  }
  const inputs = fields.textMap('inputs');
  refuseTwins(desk, inputs);
  return match
    ? { kind: 'task', ...common, task: { name: match[1]!, major: Number(match[2]) }, inputs }
    : undefined;
}

/** Input names do not regard case, so two spellings of one are one too many. */
function refuseTwins(desk: ReadingDesk, inputs: ReadonlyMap<string, Text>): void {
  const seen = new Set<string>();
  for (const [name, { place }] of inputs) {
    if (seen.has(name.toLowerCase())) desk.findings.wrong(place, `The input '${name}' is given twice.`);
    seen.add(name.toLowerCase());
  }
}

const PREFERENCES = ['stop', 'continue', 'silentlyContinue'] as const;

function shell(kind: 'script' | 'bash' | 'pwsh' | 'powershell'): Read {
  return (desk, fields, common): ScriptStepPlan | undefined => {
    const script = fields.text(kind);
    if (!script) return undefined;
    return {
      kind: 'script',
      ...common,
      shell: kind === 'powershell' ? 'pwsh' : kind,
      script,
      workingDirectory: fields.text('workingDirectory'),
      failOnStderr: fields.boolean('failOnStderr', false),
      ...powershellOf(desk, fields),
    };
  };
}

function powershellOf(
  desk: ReadingDesk,
  fields: Fields,
): Pick<ScriptStepPlan, 'errorActionPreference' | 'ignoreLastExitCode'> {
  const written = fields.text('errorActionPreference');
  const preference = PREFERENCES.find((known) => known.toLowerCase() === written?.text.toLowerCase());
  if (written && !preference)
    desk.findings.unknown(written.place, "'errorActionPreference':", written.text, PREFERENCES);
  return {
    ...(preference ? { errorActionPreference: preference } : {}),
    ...(fields.has('ignoreLASTEXITCODE')
      ? { ignoreLastExitCode: fields.boolean('ignoreLASTEXITCODE', false) }
      : {}),
  };
}

function readPublish(_desk: ReadingDesk, fields: Fields, common: Common): PublishStepPlan | undefined {
  const path = fields.needed('publish');
  const artifact = fields.needed('artifact');
  return path && artifact ? { kind: 'publish', ...common, path, artifact } : undefined;
}

function readDownload(desk: ReadingDesk, fields: Fields, common: Common): DownloadStepPlan | undefined {
  const source = fields.needed('download');
  if (!source) return undefined;
  if (source.text !== 'current' && source.text !== 'none') {
    desk.findings.unsupported(
      source.place,
      `Downloading from the pipeline resource '${source.text}'`,
      "'current' and 'none' are.",
    );
    return undefined;
  }
  const [artifact, patterns, path] = [fields.text('artifact'), fields.text('patterns'), fields.text('path')];
  return { kind: 'download', ...common, source: source.text, artifact, patterns, path };
}

function readCheckout(desk: ReadingDesk, fields: Fields, common: Common): CheckoutStepPlan | undefined {
  const repository = fields.needed('checkout');
  fields.refuse(CHECKOUT_ELSEWHERE);
  if (!repository) return undefined;
  if (repository.text !== 'self' && repository.text !== 'none') {
    desk.findings.unsupported(
      repository.place,
      `Checking out '${repository.text}'`,
      "'self' and 'none' are.",
    );
    return undefined;
  }
  return { kind: 'checkout', ...common, repository: repository.text };
}
