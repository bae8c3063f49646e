import type {
  CheckoutStepPlan,
  DownloadStepPlan,
  Place,
  PublishStepPlan,
  ScriptStepPlan,
  StepPlan,
  TaskStepPlan,
  Text,
} from '../plan.ts';
import { readCondition } from './conditions.ts';
import { Fields } from './fields.ts';
import type { Bound } from './scope.ts';
import { openTemplate, type ReadingDesk } from './templates.ts';

const COMMON = [
  'condition',
  'continueOnError',
  'displayName',
  'target',
  'enabled',
  'env',
  'name',
  'timeoutInMinutes',
  'retryCountOnTaskFailure',
];
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

type Common = Omit<TaskStepPlan, 'kind' | 'task' | 'inputs'>;
type Read = (desk: ReadingDesk, fields: Fields, common: Common) => StepPlan | undefined;

interface StepKind {
  readonly keys: readonly string[];
  readonly read: Read;
}

const KINDS: Readonly<Record<string, StepKind>> = {
  task: { keys: ['inputs'], read: readTask },
  script: { keys: SHELL, read: shell('script') },
  bash: { keys: SHELL, read: shell('bash') },
  pwsh: { keys: POWERSHELL, read: shell('pwsh') },
  powershell: { keys: POWERSHELL, read: shell('powershell') },
  publish: { keys: ['artifact'], read: readPublish },
  download: { keys: ['artifact', 'patterns', 'path'], read: readDownload },
  checkout: { keys: [...CHECKOUT, ...Object.keys(CHECKOUT_ELSEWHERE)], read: readCheckout },
};

/** Steps of Azure Pipelines that need a service this machine does not have. */
const REFUSED: Readonly<Record<string, string>> = {
  downloadBuild: "Use 'download: current' for what this run published.",
  getPackage: '',
  reviewApp: '',
  upload: "Use 'publish'.",
  server: '',
};

/** Reads a list of steps; step templates become part of it. */
export function readSteps(desk: ReadingDesk, bound: Bound | undefined): StepPlan[] {
  if (!bound) return [];
  return desk.expander.items(bound, "'steps'").flatMap((item) => readStep(desk, item));
}

function readStep(desk: ReadingDesk, item: Bound): StepPlan[] {
  const fields = new Fields(desk, item, 'A step');
  if (fields.has('template')) return readSteps(desk, openTemplate(desk, item, 'steps')?.get('steps'));
  const kind = Object.keys(KINDS).find((each) => fields.has(each));
  if (kind === undefined) return refuse(desk, fields);
  fields.allow([kind, ...KINDS[kind]!.keys, ...COMMON]);
  const step = KINDS[kind]!.read(desk, fields, commonOf(desk, fields));
  return step ? [step] : [];
}

function refuse(desk: ReadingDesk, fields: Fields): [] {
  const refused = Object.keys(REFUSED).find((each) => fields.has(each));
  if (refused !== undefined)
    desk.findings.unsupported(
      fields.keyPlace(refused),
      `The step '${refused}'`,
      REFUSED[refused] || undefined,
    );
  else
    desk.findings.unknown(fields.place, 'The step', fields.keys[0] ?? '', [
      ...Object.keys(KINDS),
      'template',
    ]);
  return [];
}

function commonOf(desk: ReadingDesk, fields: Fields): Common {
  checkTarget(desk, fields);
  const name = fields.text('name');
  if (name && !/^[A-Za-z0-9_]+$/.test(name.text)) {
    desk.findings.wrong(
      name.place,
      `'${name.text}' cannot name a step: only letters, digits and _ are allowed.`,
    );
  }
  return {
    name: name?.text,
    displayName: fields.text('displayName'),
    condition: readCondition(desk, fields, 'step'),
    continueOnError: fields.boolean('continueOnError', false),
    enabled: fields.boolean('enabled', true),
    timeoutInMinutes: fields.number('timeoutInMinutes', 0),
    retryCountOnTaskFailure: fields.number('retryCountOnTaskFailure', 0),
    env: fields.textMap('env'),
    place: fields.place,
  };
}

/** `target: host` is where every step runs anyway. */
function checkTarget(desk: ReadingDesk, fields: Fields): void {
  const bound = fields.get('target');
  if (!bound) return;
  const part = desk.expander.resolve(bound);
  if (part.node.kind === 'scalar')
    return checkContainer(desk, { text: part.node.text, place: part.node.place });
  const target = new Fields(desk, part, "'target'").allow(['container', 'commands', 'settableVariables']);
  target.refuse({ settableVariables: '' });
  checkContainer(desk, target.text('container'));
  const commands = target.text('commands');
  if (commands && commands.text !== 'any')
    desk.findings.unsupported(commands.place, `'commands: ${commands.text}'`);
}

function checkContainer(desk: ReadingDesk, container: Text | undefined): void {
  if (container && container.text !== 'host')
    desk.findings.unsupported(container.place, `Running a step in the container '${container.text}'`);
}

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

/** A step the service adds by itself. */
export function impliedStep(place: Place): Common {
  return {
    name: undefined,
    displayName: undefined,
    condition: undefined,
    continueOnError: false,
    enabled: true,
    timeoutInMinutes: 0,
    retryCountOnTaskFailure: 0,
    env: new Map(),
    place,
  };
}
