/** Who may import whom: the table in CONTRIBUTING.md, checked by `npm run check`. */
const only = (name, from, allowed) => ({
  name,
  severity: 'error',
  comment: `${from} may import only ${allowed.join(', ')}`,
  from: { path: `^${from}/` },
  to: {
    path: '^(shared|local|tasks|tests|results-tab)/',
    pathNot: [from, ...allowed].map((room) => `^${room}/`),
  },
});
const task = (name) => only(`task-${name}`, `tasks/${name}`, ['shared']);

export default {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    only('problem-imports-nothing', 'shared/problem', []),
    only('evaluation-is-pure', 'shared/evaluation', ['shared/problem']),
    only('rollout-is-pure', 'shared/rollout', ['shared/problem']),
    only('evidence-looks-down', 'shared/evidence', ['shared/problem', 'shared/evaluation', 'shared/rollout']),
    only('client-stands-alone', 'shared/azureml', ['shared/problem']),
    only('pipelines-stands-alone', 'shared/pipelines', ['shared/problem']),
    only('shared-looks-inward', 'shared', []),
    ...['TrainModel', 'EvaluateModel', 'RegisterModel', 'DeployModel'].map(task),
    only('workspace-shares-no-client-code', 'local/workspace', ['shared/problem']),
    only('devops-shares-no-client-code', 'local/devops', ['shared/problem']),
    only('runner-starts-tasks-as-processes', 'local/runner', ['shared/problem', 'local/devops']),
    only('results-tab-reads-evidence', 'results-tab', ['shared/evidence']),
    {
      name: 'agent-sdk-in-one-room',
      severity: 'error',
      from: { pathNot: '^(shared/pipelines|tests)/' },
      to: { path: 'node_modules/(azure-pipelines-task-lib|azure-devops-node-api)' },
    },
    {
      name: 'nothing-imports-tests',
      severity: 'error',
      from: { pathNot: '^tests/' },
      to: { path: '^tests/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default'],
    },
  },
};
